package io.gracefuldrain.sample.lab;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Starts pods: this program again, in JVMs of their own. */
final class Launcher {
  private static final List<String> SMALL =
      List.of("-Xmx128m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

  /** Longer than the sample's longest work, an order of five seconds; as deploy/graceful has it. */
  private static final String SETTLE_GRACE = "7s";

  private final String mainClass;
  private final String classPath;

  /**
   * @param main the class whose {@code serve} is to be run
   */
  Launcher(Class<?> main) {
    this.mainClass = main.getName();
    this.classPath = classPath(main);
  }

  /** Under a build tool the program's own class path is in its class loader alone. */
  private static String classPath(Class<?> main) {
    if (main.getClassLoader() instanceof URLClassLoader loader) {
      return Arrays.stream(loader.getURLs())
          .map(Launcher::path)
          .collect(Collectors.joining(File.pathSeparator));
    }
    return System.getProperty("java.class.path", "");
  }

  private static String path(URL url) {
    try {
      return Path.of(url.toURI()).toString();
    } catch (URISyntaxException e) {
      throw new LabFailure("the class path has " + url, e);
    }
  }

  /** Starts a pod's container; both of its output streams are one. */
  Process start(PodSpec pod) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(SMALL);
    command.addAll(List.of("-cp", classPath, mainClass, "serve", "--ledger"));
    command.addAll(List.of("-n", pod.name()));
    command.addAll(List.of("-p", String.valueOf(pod.port())));
    command.addAll(List.of("-m", String.valueOf(pod.managementPort())));
    if (!pod.strategy().drains()) {
      command.add("--plain");
    }
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment(pod));
    if (pod.strategy().drains()) {
      builder.environment().putIfAbsent("DRAIN_SETTLE_GRACE", SETTLE_GRACE);
    }
    try {
      return builder.start();
    } catch (IOException e) {
      throw new LabFailure("pod " + pod.name() + " cannot be started", e);
    }
  }

  /** What a manifest would say; settings of the drain in this environment are handed on. */
  private static Map<String, String> environment(PodSpec pod) {
    return Map.of(
        "KUBERNETES_SERVICE_HOST",
        "127.0.0.1",
        "DRAIN_POD",
        pod.name(),
        "DRAIN_GENERATION",
        pod.generation(),
        "DRAIN_GRACE_PERIOD",
        pod.grace().toMillis() + "ms",
        "DRAIN_TERMINATION_LOG",
        "");
  }
}
