package io.gracefuldrain;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import java.io.PrintStream;
import java.util.function.Supplier;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;

/**
 * While it is open, logging of coordinators throws. Their message on standard error is not shown.
 */
final class FailingLog extends TurboFilter implements AutoCloseable {
  private final LoggerContext loggers = (LoggerContext) LoggerFactory.getILoggerFactory();
  private final PrintStream standardError = System.err;
  private final Supplier<Throwable> failure;
  private int failures;

  FailingLog(Supplier<Throwable> failure) {
    this.failure = failure;
    start();
    loggers.addTurboFilter(this);
    System.setErr(new PrintStream(PrintStream.nullOutputStream()));
  }

  @Override
  public FilterReply decide(
      Marker marker, Logger logger, Level level, String format, Object[] params, Throwable t) {
    if (!logger.getName().equals("io.gracefuldrain.drain")) {
      return FilterReply.NEUTRAL;
    }
    failures++;
    throw FailingLog.<RuntimeException>unchecked(failure.get());
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <T extends Throwable> T unchecked(Throwable any) throws T {
    throw (T) any;
  }

  int failures() {
    return failures;
  }

  @Override
  public void close() {
    loggers.getTurboFilterList().remove(this);
    System.setErr(standardError);
  }
}
