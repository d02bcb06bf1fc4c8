package io.gracefuldrain.sample;

import io.gracefuldrain.testing.JvmProcess;
import io.gracefuldrain.testing.Ports;
import java.nio.file.Path;
import java.util.Map;

/**
 * The classes of the runnable jar in the form in which a JVM keeps them. The tests start that jar
 * dozens of times; with the archive it takes half the processor time.
 */
final class ClassArchive {
  private static final String FILE =
      Path.of("target", "sample-app.jsa").toAbsolutePath().toString();

  /** Made once, when a test needs it first. */
  private static final String[] OPTIONS = made();

  private ClassArchive() {}

  /** The options of a JVM that uses it. */
  static String[] options() {
    return OPTIONS.clone();
  }

  /** The environment of a program whose JVMs are to use it, too: each says so in a line. */
  static Map<String, String> environment() {
    return Map.of("JAVA_TOOL_OPTIONS", String.join(" ", OPTIONS));
  }

  private static String[] made() {
    int[] ports = Ports.free(2);
    try (JvmProcess pod =
        JvmProcess.of(AppProcess.JAR)
            .jvm("-Xmx128m", "-XX:+IgnoreUnrecognizedVMOptions", "-XX:ArchiveClassesAtExit=" + FILE)
            .start("serve", "-p", "" + ports[0], "-m", "" + ports[1])) {
      pod.awaitLine("drain it");
      pod.terminate();
      var unused = pod.awaitExit(JvmProcess.PATIENCE);
    } catch (Exception e) {
      throw new IllegalStateException("no archive of classes", e);
    }
    // Without the log, since a JVM that cannot use it would say so, and does without.
    return new String[] {
      "-XX:+IgnoreUnrecognizedVMOptions", "-XX:SharedArchiveFile=" + FILE, "-Xlog:disable"
    };
  }
}
