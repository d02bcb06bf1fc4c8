package io.gracefuldrain.signal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A {@link SignalApp} that runs, and what it has said. */
final class AppProcess implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /**
   * Gives a process the signals' default dispositions, where there is a tool for it. A shell starts
   * its background jobs with SIGINT ignored, and so a build that runs in one.
   */
  private static final List<String> DEFAULT_SIGNALS =
      works("env", "--default-signal=INT,TERM", "true")
          ? List.of("env", "--default-signal=INT,TERM")
          : List.of();

  private static boolean works(String... command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException | InterruptedException e) {
      return false;
    }
  }

  private final Process process;
  private final BufferedWriter commands;
  private final Thread reader;
  private final List<String> lines = new ArrayList<>(); // guarded by itself
  private boolean ended;

  /** How it is to be started. */
  static final class Builder {
    private final List<String> prefix = new ArrayList<>(DEFAULT_SIGNALS);
    private final List<String> jvm = new ArrayList<>();
    private final List<String> settings = new ArrayList<>();

    /** A setting of the drain's policy, as {@code DRAIN_MOVE_WINDOW=10s}. */
    Builder with(String... changed) {
      settings.addAll(List.of(changed));
      return this;
    }

    Builder jvm(String option) {
      jvm.add(option);
      return this;
    }

    /** Started by a parent that has a signal ignored. */
    Builder ignoring(String signal) {
      prefix.addAll(List.of("/bin/sh", "-c", "trap '' " + signal + "; exec \"$@\"", "sh"));
      return this;
    }

    /** Starts it, and returns when it is ready. */
    AppProcess start(String... options) throws IOException, InterruptedException {
      List<String> command = new ArrayList<>(prefix);
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx64m"));
      command.add("-Dlogback.configurationFile=io/gracefuldrain/signal/app-logback.xml");
      command.addAll(jvm);
      command.addAll(List.of("-cp", System.getProperty("java.class.path")));
      command.add(SignalApp.class.getName());
      command.addAll(List.of(options));
      ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
      builder.environment().keySet().removeIf(name -> name.matches("(DRAIN|KUBERNETES)_.*"));
      for (String setting : settings) {
        int equals = setting.indexOf('=');
        builder.environment().put(setting.substring(0, equals), setting.substring(equals + 1));
      }
      AppProcess app = new AppProcess(builder.start());
      app.awaitLine("READY");
      return app;
    }
  }

  /** A drain of 100 ms when nobody is there, and 2 s for stopping; no termination log. */
  static Builder quick() {
    return new Builder()
        .with("DRAIN_POD=a", "DRAIN_READINESS_DELAY_MIN=0s", "DRAIN_READINESS_DELAY_MAX=100ms")
        .with("DRAIN_MOVE_WINDOW=200ms", "DRAIN_HINT_GRACE=100ms", "DRAIN_SETTLE_GRACE=100ms")
        .with("DRAIN_FORCE_TIMEOUT=100ms", "DRAIN_STOP_MARGIN=2s", "DRAIN_TERMINATION_LOG=");
  }

  private AppProcess(Process process) {
    this.process = process;
    this.commands = new BufferedWriter(process.outputWriter(UTF_8));
    this.reader = new Thread(this::read, "app-" + process.pid());
    reader.setDaemon(true);
    reader.start();
  }

  private void read() {
    try (BufferedReader out = process.inputReader(UTF_8)) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        said(line);
      }
    } catch (IOException e) {
      said("READER " + e);
    }
    synchronized (lines) {
      ended = true;
      lines.notifyAll();
    }
  }

  private void said(String line) {
    synchronized (lines) {
      lines.add(line);
      lines.notifyAll();
    }
  }

  /** Sends a signal, and returns when it was sent, in nanoseconds. */
  long signal(String name) throws IOException, InterruptedException {
    long now = System.nanoTime();
    Process kill =
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
            .redirectErrorStream(true)
            .start();
    if (!kill.waitFor(10, TimeUnit.SECONDS) || kill.exitValue() != 0) {
      throw new AssertionError("kill -" + name + ": " + kill.inputReader(UTF_8).readLine());
    }
    return now;
  }

  /** Sends a command, and returns when it was obeyed. */
  void command(String command) throws IOException, InterruptedException {
    send(command);
    awaitLine("OBEYED " + command);
  }

  /** Sends a command. */
  void send(String command) throws IOException {
    commands.write(command + "\n");
    commands.flush();
  }

  /** Waits for a line that has this in it. */
  String awaitLine(String part) throws InterruptedException {
    return await(line -> line.contains(part), part, PATIENCE);
  }

  private String await(Predicate<String> wanted, String what, Duration patience)
      throws InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    synchronized (lines) {
      while (true) {
        for (String line : lines) {
          if (wanted.test(line)) {
            return line;
          }
        }
        long left = deadline - System.nanoTime();
        if (ended || left <= 0) {
          throw new AssertionError(
              "no line with '" + what + "' in " + patience + ":\n" + String.join("\n", lines));
        }
        TimeUnit.NANOSECONDS.timedWait(lines, left);
      }
    }
  }

  /** Waits for a line that has this in it, for a moment. */
  boolean says(String part, Duration moment) throws InterruptedException {
    try {
      await(line -> line.contains(part), part, moment);
      return true;
    } catch (AssertionError e) {
      return false;
    }
  }

  /** Waits for the end, and returns the exit code. */
  int awaitExit() throws InterruptedException {
    if (!process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new AssertionError("still running:\n" + String.join("\n", lines()));
    }
    reader.join(PATIENCE.toMillis());
    return process.exitValue();
  }

  /** Its output so far. */
  List<String> lines() {
    synchronized (lines) {
      return List.copyOf(lines);
    }
  }

  /** The lines that have this in them. */
  List<String> lines(String part) {
    return lines().stream().filter(line -> line.contains(part)).toList();
  }

  /** The receipts' lines. */
  List<String> receipts() {
    return lines("\"code\":\"DRAIN-009\"");
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().orTimeout(10, TimeUnit.SECONDS).join();
  }
}
