package io.gracefuldrain.sample;

import io.gracefuldrain.testing.JvmProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The sample in its own JVM. */
public final class AppProcess implements AutoCloseable {
  /** The runnable jar. */
  static final Path JAR = Path.of("target", "sample-app.jar");

  private final JvmProcess process;

  private AppProcess(JvmProcess process) {
    this.process = process;
  }

  public static AppProcess run(String arguments) throws IOException {
    return run(Map.of(), arguments);
  }

  public static AppProcess run(Map<String, String> environment, String arguments)
      throws IOException {
    JvmProcess.Builder app = JvmProcess.of(JAR).jvm(ClassArchive.options());
    return start(app, environment, arguments.split(" ", -1));
  }

  public static AppProcess runJar(Path jar, Map<String, String> environment, String arguments)
      throws IOException {
    return start(JvmProcess.of(jar), environment, arguments.split(" ", -1));
  }

  /**
   * Runs a class of the jar without arguments.
   *
   * @param main its name, or a source file with one that uses the jar
   */
  public static AppProcess runClass(Path jar, String main, Map<String, String> environment)
      throws IOException {
    return start(JvmProcess.of(jar, main), environment);
  }

  /**
   * Runs a copy of a server that users copy, with free ports of its own, so that other servers on
   * this machine do not disturb it.
   *
   * @param ports that of the service, and that of the management
   */
  static AppProcess runCopy(
      Path jar, Class<?> server, Path folder, int[] ports, Map<String, String> environment)
      throws IOException {
    Path source = Path.of("src/main/java", server.getName().replace('.', '/') + ".java");
    Path copy = folder.resolve(source.getFileName());
    Files.writeString(
        copy,
        Files.readString(source)
            .replaceFirst("package .*;", "")
            .replace("(3000)", "(" + ports[0] + ")")
            .replace("(coordinator, 8081)", "(coordinator, " + ports[1] + ")"));
    return runClass(jar, copy.toString(), environment);
  }

  private static AppProcess start(
      JvmProcess.Builder program, Map<String, String> environment, String... arguments)
      throws IOException {
    return new AppProcess(program.jvm("-Xmx128m").environment(environment).start(arguments));
  }

  /** Everything it has written, both streams. */
  public String output() {
    return process.output();
  }

  /** Waits for a line that has this in it. */
  public AppProcess awaitOutput(String text) {
    try {
      process.awaitLine(text);
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted while waiting for '" + text + "'", e);
    }
    return this;
  }

  /** Sends SIGTERM. */
  public void terminate() {
    process.terminate();
  }

  /** Sends a signal that Java cannot send, such as STOP. */
  public void signal(String name) throws IOException, InterruptedException {
    process.signal(name);
  }

  public boolean alive() {
    return process.alive();
  }

  /** Sends SIGKILL. */
  public void kill() {
    process.kill();
  }

  /** The processes that it has started, and theirs. */
  public List<ProcessHandle> descendants() {
    return process.descendants();
  }

  public int awaitExit(Duration most) throws InterruptedException {
    return process.awaitExit(most);
  }

  @Override
  public void close() {
    process.close();
  }
}
