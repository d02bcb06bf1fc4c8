package io.gracefuldrain;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The coordinator's output: coded log lines, the receipt, the container's last words. All of it is
 * foreign code that may fail or block. So it is written on a thread of its own, {@code drain-log},
 * from a bounded queue, and no method here blocks or throws, but {@link #awaitReceipt} for its
 * bound.
 */
final class Journal {
  /** How many lines may wait. One that finds no room is dropped and counted; a receipt is not. */
  static final int QUEUE = 1024;

  /** How long the completion of a drain waits for its receipt to be written. */
  static final long RECEIPT_MILLIS = 500;

  /** Kubernetes keeps 4 KB of all containers together; at most a quarter is ours. */
  static final int LAST_WORDS = 1024;

  private static final Logger LOG = LoggerFactory.getLogger("io.gracefuldrain.drain");

  private final DrainPolicy policy;
  private final PrintStream out;
  private final Executor thread;
  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicLong dropped = new AtomicLong();
  private volatile CountDownLatch receipt = new CountDownLatch(0);

  /** Writes on a thread that runs its tasks in order, and never refuses one. */
  Journal(DrainPolicy policy, PrintStream out, Executor thread) {
    this.policy = policy;
    this.out = out;
    this.thread = thread;
  }

  void info(Json line) {
    write(() -> LOG.info("{}", line), line);
  }

  void warn(Json line, @Nullable Throwable cause) {
    write(() -> LOG.warn("{}", line, cause), line);
  }

  private void write(Runnable writing, Object line) {
    if (waiting.get() >= QUEUE) {
      dropped.incrementAndGet();
      return;
    }
    try {
      thread.execute(
          () -> {
            waiting.decrementAndGet();
            sayDropped();
            log(writing, line);
          });
      waiting.incrementAndGet();
    } catch (Throwable e) { // memory is short: what is done is worth more than what is said of it
      dropped.incrementAndGet();
    }
  }

  private void sayDropped() {
    long lines = dropped.getAndSet(0);
    if (lines > 0) {
      Json line = LogCode.LINES_DROPPED.line().put("lines", lines);
      log(() -> LOG.warn("{}", line), line);
    }
  }

  private static void log(Runnable writing, Object line) {
    try {
      writing.run();
    } catch (Throwable e) {
      System.err.println(line + " (could not be logged: " + e + ")");
    }
  }

  void receipt(DrainReport report) {
    CountDownLatch written = new CountDownLatch(1);
    receipt = written;
    thread.execute(
        () -> {
          try {
            print(report);
          } finally {
            written.countDown();
          }
        });
  }

  /** Waits until the last receipt is written, for a moment at most. */
  void awaitReceipt() {
    try {
      if (!receipt.await(RECEIPT_MILLIS, TimeUnit.MILLISECONDS)) {
        warn(LogCode.RECEIPT_LATE.line().put("waitedMs", RECEIPT_MILLIS), null);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // whoever waits is told at once
    }
  }

  /** The file comes first: standard output may block for ever. */
  private void print(DrainReport report) {
    policy.terminationLog().map(Path::of).ifPresent(path -> lastWords(path, report));
    String line = ReportFormat.receipt(report);
    if (policy.receipt() == DrainPolicy.Receipt.STDOUT) {
      out.println(line);
      out.flush();
    } else {
      log(() -> LOG.info("{}", line), line);
    }
  }

  private void lastWords(Path path, DrainReport report) {
    if (!Files.isWritable(path)) {
      return; // not in a container of Kubernetes
    }
    byte[] words = report.toText().getBytes(StandardCharsets.UTF_8);
    int length = Math.min(words.length, LAST_WORDS);
    while (length < words.length && length > 0 && (words[length] & 0xC0) == 0x80) {
      length--; // not in the middle of a character
    }
    try {
      Files.write(
          path,
          Arrays.copyOf(words, length),
          StandardOpenOption.WRITE,
          StandardOpenOption.TRUNCATE_EXISTING);
    } catch (IOException | RuntimeException e) {
      warn(LogCode.TERMINATION_LOG.line().put("path", path.toString()), e);
    }
  }
}
