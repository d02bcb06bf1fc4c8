package io.gracefuldrain;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The coordinator's output: coded log lines, the receipt, the container's last words. */
final class Journal {
  /** Kubernetes keeps 4 KB of all containers together; at most a quarter is ours. */
  static final int LAST_WORDS = 1024;

  private static final Logger LOG = LoggerFactory.getLogger("io.gracefuldrain.drain");

  private final DrainPolicy policy;
  private final PrintStream out;

  Journal(DrainPolicy policy, PrintStream out) {
    this.policy = policy;
    this.out = out;
  }

  void info(Json line) {
    log(() -> LOG.info("{}", line), line);
  }

  void warn(Json line, @Nullable Throwable cause) {
    log(() -> LOG.warn("{}", line, cause), line);
  }

  /** An application's logging is foreign code too: when it fails, the drain continues. */
  private static void log(Runnable writing, Object line) {
    try {
      writing.run();
    } catch (RuntimeException | LinkageError e) {
      System.err.println(line + " (could not be logged: " + e + ")");
    }
  }

  void receipt(DrainReport report) {
    String line = ReportFormat.receipt(report);
    if (policy.receipt() == DrainPolicy.Receipt.STDOUT) {
      out.println(line);
      out.flush();
    } else {
      log(() -> LOG.info("{}", line), line);
    }
    policy.terminationLog().map(Path::of).ifPresent(path -> lastWords(path, report));
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
    } catch (IOException e) {
      warn(LogCode.TERMINATION_LOG.line().put("path", path.toString()), e);
    }
  }
}
