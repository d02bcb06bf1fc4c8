package io.gracefuldrain.sample;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** The sample in a JVM of its own. */
public final class AppProcess implements AutoCloseable {
  // A build in the background of a shell ignores SIGINT, and hands that on.
  private static final List<String> INTERRUPTIBLE =
      works("env", "--default-signal=INT,TERM", "true")
          ? List.of("env", "--default-signal=INT,TERM")
          : List.of();

  private final Process process;
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final Thread reader;

  private AppProcess(Process process) {
    this.process = process;
    this.reader = new Thread(this::read, "app-output-" + process.pid());
    reader.setDaemon(true);
    reader.start();
  }

  public static AppProcess run(String arguments) throws IOException {
    return run(Map.of(), arguments);
  }

  public static AppProcess run(Map<String, String> environment, String arguments)
      throws IOException {
    return start(
        environment,
        List.of("-cp", System.getProperty("java.class.path"), SampleApp.class.getName()),
        arguments);
  }

  public static AppProcess runJar(Path jar, Map<String, String> environment, String arguments)
      throws IOException {
    return start(environment, List.of("-jar", jar.toString()), arguments);
  }

  /**
   * Runs a class of the jar without arguments.
   *
   * @param main its name, or a source file with one that uses the jar
   */
  public static AppProcess runClass(Path jar, String main, Map<String, String> environment)
      throws IOException {
    return start(environment, List.of("-cp", jar.toString(), main), "");
  }

  private static AppProcess start(
      Map<String, String> environment, List<String> program, String arguments) throws IOException {
    List<String> command = new ArrayList<>(INTERRUPTIBLE);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx128m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.addAll(program);
    if (!arguments.isEmpty()) {
      command.addAll(List.of(arguments.split(" ", -1)));
    }
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().keySet().removeIf(name -> name.startsWith("DRAIN_"));
    builder.environment().putAll(environment);
    return new AppProcess(builder.start());
  }

  private static boolean works(String... command) {
    try {
      return new ProcessBuilder(command).start().waitFor() == 0;
    } catch (IOException e) {
      return false; // there is no such command here
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void read() {
    try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
      reader.lines().forEach(lines::add);
    } catch (IOException | UncheckedIOException e) {
      lines.add("output ended: " + e);
    }
  }

  /** Everything it has written, both streams. */
  public String output() {
    return String.join("\n", lines);
  }

  public AppProcess awaitOutput(String text) {
    Await.until(
        "'" + text + "' in:\n" + output(),
        Duration.ofSeconds(40),
        () -> output().contains(text) || !process.isAlive());
    if (!output().contains(text)) {
      throw new AssertionError("ended without '" + text + "':\n" + output());
    }
    return this;
  }

  /** Sends SIGTERM. */
  public void terminate() {
    process.toHandle().destroy(); // Process.destroy() would close its output
  }

  /** Sends a signal that Java has no word for, such as STOP. */
  public void signal(String name) throws IOException, InterruptedException {
    Process kill = new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid())).start();
    if (!kill.waitFor(10, TimeUnit.SECONDS) || kill.exitValue() != 0) {
      throw new AssertionError("kill -" + name + " failed");
    }
  }

  public boolean alive() {
    return process.isAlive();
  }

  /** Sends SIGKILL. */
  public void kill() {
    process.toHandle().destroyForcibly();
  }

  /** The processes that it has started, and theirs. */
  public List<ProcessHandle> descendants() {
    return process.descendants().toList();
  }

  public int awaitExit(Duration most) throws InterruptedException {
    if (!process.waitFor(most.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new AssertionError("still alive after " + most + ":\n" + output());
    }
    reader.join(2_000);
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
