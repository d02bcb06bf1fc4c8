package io.gracefuldrain.sample.plan;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** What the commands of this package share: how options are checked. */
final class Options {
  private Options() {}

  static void expect(CommandSpec spec, String option, int value, int least, int most) {
    if (value < least || value > most) {
      throw new ParameterException(
          spec.commandLine(), option + ": " + value + " (expected: " + least + " to " + most + ")");
    }
  }

  static void expect(
      CommandSpec spec, String option, Duration value, Duration least, Duration most) {
    if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
      throw new ParameterException(
          spec.commandLine(),
          option + ": " + text(value) + " (expected: " + text(least) + " to " + text(most) + ")");
    }
  }

  /** A file to be written, if there is one. */
  static void expectWritable(CommandSpec spec, String option, @Nullable Path file) {
    Path folder = file == null ? null : file.toAbsolutePath().getParent();
    if (file != null && (folder == null || !Files.isWritable(folder) || Files.isDirectory(file))) {
      throw new ParameterException(
          spec.commandLine(), option + ": " + file + " (expected: a file that can be written)");
    }
  }

  /** As it is typed: {@code 500ms}, {@code 5s}, {@code 2m}, {@code 3h}. */
  static String text(Duration duration) {
    long ms = duration.toMillis();
    if (ms == 0) {
      return "0s";
    } else if (ms % 3_600_000 == 0) {
      return ms / 3_600_000 + "h";
    } else if (ms % 60_000 == 0) {
      return ms / 60_000 + "m";
    }
    return ms % 1_000 == 0 ? ms / 1_000 + "s" : ms + "ms";
  }

  /** Simulated pods log as real ones do, which nobody wants to read here. */
  static void silence() {
    if (LoggerFactory.getLogger("io.gracefuldrain.drain") instanceof Logger logger) {
      logger.setLevel(Level.OFF);
    }
  }
}
