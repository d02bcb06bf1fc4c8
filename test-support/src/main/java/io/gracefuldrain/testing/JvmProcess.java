package io.gracefuldrain.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A program in a JVM of its own, and the lines that it has written to either stream. */
public final class JvmProcess implements AutoCloseable {
  /** Long enough for a JVM that starts, works and ends on a busy machine. */
  public static final Duration PATIENCE = Duration.ofSeconds(40);

  /**
   * Gives a process the signals' default dispositions, where there is a tool for it. A shell starts
   * its background jobs with SIGINT ignored (nohup: SIGHUP), and a build in one passes that to its
   * children.
   */
  private static final List<String> DEFAULT_SIGNALS =
      works("env", "--default-signal=HUP,INT,TERM", "true")
          ? List.of("env", "--default-signal=HUP,INT,TERM")
          : List.of();

  private final Process process;
  private final BufferedWriter input;
  private final Thread reader;
  private final List<String> lines = new ArrayList<>(); // guarded by its own lock
  private boolean ended;

  private JvmProcess(Process process) {
    this.process = process;
    this.input = new BufferedWriter(process.outputWriter(UTF_8));
    this.reader = new Thread(this::read, "output-of-" + process.pid());
    reader.setDaemon(true);
    reader.start();
  }

  /** Runs a class with this JVM's class path. */
  public static Builder of(Class<?> main) {
    return new Builder("-cp", System.getProperty("java.class.path"), main.getName());
  }

  /** Runs a jar. */
  public static Builder of(Path jar) {
    return new Builder("-jar", jar.toString());
  }

  /**
   * Runs a class of a jar.
   *
   * @param main its name, or a source file with one that uses the jar
   */
  public static Builder of(Path jar, String main) {
    return new Builder("-cp", jar.toString(), main);
  }

  /** How it is to be started. It gets no setting that a drain would read from this environment. */
  public static final class Builder {
    private final List<String> prefix = new ArrayList<>(DEFAULT_SIGNALS);
    private final List<String> jvm =
        new ArrayList<>(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    private final List<String> program;
    private final Map<String, String> environment = new HashMap<>();
    private Path home = Path.of(System.getProperty("java.home"));

    private Builder(String... program) {
      this.program = List.of(program);
    }

    /** Adds options of the JVM. */
    public Builder jvm(String... options) {
      jvm.addAll(List.of(options));
      return this;
    }

    /** Runs it with another JDK than that of this JVM. */
    public Builder home(Path jdk) {
      home = jdk;
      return this;
    }

    /** Adds variables of its environment. */
    public Builder environment(Map<String, String> more) {
      environment.putAll(more);
      return this;
    }

    /** Has it started by a parent that ignores a signal. */
    public Builder ignoring(String signal) {
      prefix.addAll(List.of("/bin/sh", "-c", "trap '' " + signal + "; exec \"$@\"", "sh"));
      return this;
    }

    /** Starts it. */
    public JvmProcess start(String... arguments) throws IOException {
      List<String> command = new ArrayList<>(prefix);
      command.add(home.resolve("bin").resolve("java").toString());
      command.addAll(jvm);
      command.addAll(program);
      command.addAll(List.of(arguments));
      ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
      builder.environment().keySet().removeIf(name -> name.matches("(DRAIN|KUBERNETES)_.*"));
      builder.environment().putAll(environment);
      builder.environment().put(LeftBehind.MARK, LeftBehind.RUN);
      return new JvmProcess(builder.start());
    }
  }

  private static boolean works(String... command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException e) {
      return false; // there is no such command here
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void read() {
    try (BufferedReader out = process.inputReader(UTF_8)) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        said(line);
      }
    } catch (IOException e) {
      said("output ended: " + e);
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

  /** Its output so far. */
  public List<String> lines() {
    synchronized (lines) {
      return List.copyOf(lines);
    }
  }

  /** The lines that have this in them. */
  public List<String> lines(String part) {
    return lines().stream().filter(line -> line.contains(part)).toList();
  }

  /** Its output so far, as one text. */
  public String output() {
    return String.join("\n", lines());
  }

  /** Waits for a line that has this in it. */
  public String awaitLine(String part) throws InterruptedException {
    return awaitLine(part, PATIENCE);
  }

  /** Waits for a line that has this in it, and fails when none comes within the bound. */
  public String awaitLine(String part, Duration bound) throws InterruptedException {
    String line = lineWithin(bound, part);
    if (line == null) {
      throw new AssertionError("no line with '%s' in %s:\n%s".formatted(part, bound, output()));
    }
    return line;
  }

  /** Whether a line comes that has this in it, within the bound. */
  public boolean says(String part, Duration bound) throws InterruptedException {
    return lineWithin(bound, part) != null;
  }

  /** Null when the time is over, or when it has ended and can say no more. */
  private @Nullable String lineWithin(Duration bound, String part) throws InterruptedException {
    long deadline = System.nanoTime() + bound.toNanos();
    synchronized (lines) {
      while (true) {
        for (String line : lines) {
          if (line.contains(part)) {
            return line;
          }
        }
        long left = deadline - System.nanoTime();
        if (ended || left <= 0) {
          return null;
        }
        TimeUnit.NANOSECONDS.timedWait(lines, left);
      }
    }
  }

  /** Writes a line to its standard input. */
  public void send(String line) throws IOException {
    input.write(line + "\n");
    input.flush();
  }

  /** Sends a signal, such as TERM or STOP; returns when that was, by {@link System#nanoTime}. */
  public long signal(String name) throws IOException, InterruptedException {
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

  /** Sends SIGTERM. */
  public void terminate() {
    process.toHandle().destroy(); // Process.destroy() would close its output
  }

  /** Sends SIGKILL. */
  public void kill() {
    process.toHandle().destroyForcibly();
  }

  /** Whether it runs. */
  public boolean alive() {
    return process.isAlive();
  }

  /** The processes that it has started, and theirs. */
  public List<ProcessHandle> descendants() {
    return process.descendants().toList();
  }

  /** Waits for the end, and returns the exit code. */
  public int awaitExit(Duration bound) throws InterruptedException {
    if (!process.waitFor(bound.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new AssertionError("still alive after " + bound + ":\n" + output());
    }
    reader.join(5_000); // not for ever: a child may keep the stream open
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().orTimeout(10, TimeUnit.SECONDS).join();
  }
}
