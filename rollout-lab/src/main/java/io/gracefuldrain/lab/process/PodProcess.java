package io.gracefuldrain.lab.process;

import io.gracefuldrain.lab.LabFailure;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** A pod's process, with a thread that reads its output until it ends. Thread-safe. */
public final class PodProcess implements AutoCloseable {
  private static final int LAST_LINES = 20;
  private static final Duration LAST_WORDS = Duration.ofSeconds(5);

  /** Receives the lines of output. */
  public interface Lines {
    /** A line has been read at this time, in milliseconds since the epoch. */
    void line(String line, long atMs);
  }

  private final String name;
  private final Process process;
  private final Lines lines;
  private final Thread reader;
  private final Deque<String> last = new ArrayDeque<>(); // guarded by its own lock
  private volatile @Nullable RuntimeException failure;

  /**
   * @param exited is given the exit code, once, after the last line
   */
  public PodProcess(String name, Process process, Lines lines, IntConsumer exited) {
    this.name = name;
    this.process = process;
    this.lines = lines;
    this.reader =
        DaemonThreads.named("lab-output-" + name)
            .newThread(
                () -> {
                  read();
                  awaitExit(exited);
                });
  }

  /** Begins to read its output. */
  public void start() {
    reader.start();
  }

  private void read() {
    try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        keep(line);
        take(line);
      }
    } catch (IOException | UncheckedIOException e) {
      keep("(its output ended: " + e.getMessage() + ")"); // as it does when it is killed
    }
  }

  private void take(String line) {
    try {
      lines.line(line, System.currentTimeMillis());
    } catch (RuntimeException e) {
      failure = e; // reading must go on, or the pod would stall
    }
  }

  private void keep(String line) {
    synchronized (last) {
      if (last.size() == LAST_LINES) {
        last.removeFirst();
      }
      last.addLast(line);
    }
  }

  private void awaitExit(IntConsumer exited) {
    try {
      exited.accept(process.waitFor());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether the process runs. */
  public boolean alive() {
    return process.isAlive();
  }

  /** Sends SIGTERM. */
  public void terminate() {
    process.toHandle().destroy(); // Process.destroy() would close its output
  }

  /** Sends SIGKILL. */
  public void kill() {
    process.toHandle().destroyForcibly();
  }

  /** Waits for the end of the process; false if it still runs. */
  public boolean await(Duration most) throws InterruptedException {
    return process.waitFor(most.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Waits until its last line has been read. */
  public void awaitOutput() throws InterruptedException {
    reader.join(LAST_WORDS.toMillis());
    if (failure != null) {
      throw new LabFailure("pod " + name + " wrote what cannot be read", failure);
    }
  }

  /** Its last lines of output. */
  public String lastLines() {
    synchronized (last) {
      return String.join("\n", last);
    }
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.toHandle().destroyForcibly();
  }
}
