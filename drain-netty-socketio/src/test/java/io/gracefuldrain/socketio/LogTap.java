package io.gracefuldrain.socketio;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.gracefuldrain.testing.Await;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.LoggerFactory;

/** What a class logs while this is open. */
final class LogTap extends AppenderBase<ILoggingEvent> implements AutoCloseable {
  private final Logger logger;
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final List<String> levels = new CopyOnWriteArrayList<>();
  private final AtomicInteger traces = new AtomicInteger();

  private LogTap(Logger logger) {
    this.logger = logger;
  }

  static LogTap of(Class<?> type) {
    // Another test class may be the first that logs, right now.
    Await.until("the logger", () -> LoggerFactory.getLogger(type) instanceof Logger);
    LogTap tap = new LogTap((Logger) LoggerFactory.getLogger(type));
    tap.start();
    tap.logger.addAppender(tap);
    return tap;
  }

  @Override
  protected void append(ILoggingEvent event) {
    if (event.getThrowableProxy() != null && event.getLevel().isGreaterOrEqual(Level.INFO)) {
      traces.incrementAndGet();
    }
    levels.add(event.getLevel().toString());
    lines.add(event.getFormattedMessage());
  }

  /** The level of each line, in their order. */
  List<String> levels() {
    return levels;
  }

  /** How many lines, other than for debugging, have a stack trace. */
  int traces() {
    return traces.get();
  }

  List<String> lines() {
    return lines;
  }

  @Override
  public void close() {
    logger.detachAppender(this);
    stop();
  }
}
