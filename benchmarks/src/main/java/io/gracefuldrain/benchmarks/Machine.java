package io.gracefuldrain.benchmarks;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/**
 * The machine and the versions that something was measured on.
 *
 * @param load the load average when the run began
 */
record Machine(
    String when,
    String processor,
    int cores,
    long memoryMb,
    String system,
    String java,
    double load) {

  static Machine here() {
    com.sun.management.OperatingSystemMXBean system =
        ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class);
    return new Machine(
        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
        processorName(),
        Runtime.getRuntime().availableProcessors(),
        system.getTotalMemorySize() >> 20,
        System.getProperty("os.name") + " " + System.getProperty("os.version"),
        System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"),
        system.getSystemLoadAverage());
  }

  // Linux has its name there; elsewhere the kind of processor has to do.
  private static String processorName() {
    try {
      return Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).trim())
          .findFirst()
          .orElse(System.getProperty("os.arch"));
    } catch (IOException e) {
      return System.getProperty("os.arch");
    }
  }

  String toText() {
    return String.format(
        Locale.ROOT,
        "%s; %s, %s cores, %s MB; %s; %s; load average %.2f",
        when,
        processor,
        cores,
        memoryMb,
        system,
        java,
        load);
  }

  String toJson() {
    return String.format(
        Locale.ROOT,
        "{\"when\": \"%s\", \"processor\": \"%s\", \"cores\": %d, \"memoryMb\": %d,"
            + " \"system\": \"%s\", \"java\": \"%s\", \"load\": %.2f}",
        when,
        processor,
        cores,
        memoryMb,
        system,
        java,
        load);
  }
}
