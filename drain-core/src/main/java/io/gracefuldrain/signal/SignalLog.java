package io.gracefuldrain.signal;

import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.helpers.MessageFormatter;

/**
 * The log of this package. An application's logging is foreign code: when it throws, the line goes
 * to standard error, and nothing else changes. When it hangs, the watchdog's time counts.
 * Thread-safe.
 */
final class SignalLog {
  private final Logger logger;

  private SignalLog(Logger logger) {
    this.logger = logger;
  }

  static SignalLog of(Class<?> type) {
    return new SignalLog(LoggerFactory.getLogger(type));
  }

  void debug(String format, @Nullable Object... arguments) {
    log(logger::debug, format, arguments);
  }

  void info(String format, @Nullable Object... arguments) {
    log(logger::info, format, arguments);
  }

  void warn(String format, @Nullable Object... arguments) {
    log(logger::warn, format, arguments);
  }

  void error(String format, @Nullable Object... arguments) {
    log(logger::error, format, arguments);
  }

  private static void log(
      BiConsumer<String, @Nullable Object[]> writing,
      String format,
      @Nullable Object... arguments) {
    try {
      writing.accept(format, arguments);
    } catch (Throwable e) {
      System.err.println(
          MessageFormatter.arrayFormat(format, arguments).getMessage()
              + " (could not be logged: "
              + e
              + ")");
    }
  }
}
