package io.gracefuldrain.sample;

import io.gracefuldrain.testing.JvmProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The sample in a JVM of its own. */
final class AppProcess implements AutoCloseable {
  private final JvmProcess process;

  private AppProcess(JvmProcess process) {
    this.process = process;
  }

  static AppProcess run(String arguments) throws IOException {
    return run(Map.of(), arguments);
  }

  static AppProcess run(Map<String, String> environment, String arguments) throws IOException {
    return start(JvmProcess.of(SampleApp.class), environment, arguments);
  }

  static AppProcess runJar(Path jar, Map<String, String> environment, String arguments)
      throws IOException {
    return start(JvmProcess.of(jar), environment, arguments);
  }

  private static AppProcess start(
      JvmProcess.Builder program, Map<String, String> environment, String arguments)
      throws IOException {
    return new AppProcess(
        program.jvm("-Xmx128m").environment(environment).start(arguments.split(" ", -1)));
  }

  /** Everything it has written, both streams. */
  String output() {
    return process.output();
  }

  /** Waits for a line that has this in it. */
  AppProcess awaitOutput(String text) {
    try {
      process.awaitLine(text);
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted while waiting for '" + text + "'", e);
    }
    return this;
  }

  /** Sends SIGTERM. */
  void terminate() {
    process.terminate();
  }

  /** Sends a signal that Java has no word for, such as STOP. */
  void signal(String name) throws IOException, InterruptedException {
    process.signal(name);
  }

  boolean alive() {
    return process.alive();
  }

  /** Sends SIGKILL. */
  void kill() {
    process.kill();
  }

  /** The processes that it has started, and theirs. */
  List<ProcessHandle> descendants() {
    return process.descendants();
  }

  int awaitExit(Duration most) throws InterruptedException {
    return process.awaitExit(most);
  }

  @Override
  public void close() {
    process.close();
  }
}
