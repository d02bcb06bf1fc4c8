package io.gracefuldrain;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.LoggerFactory;

/** The log of a class, each line of which hangs while this is open. */
public final class HangingLog extends UnsynchronizedAppenderBase<ILoggingEvent>
    implements AutoCloseable {
  private final CountDownLatch hanging = new CountDownLatch(1);
  private final CountDownLatch released = new CountDownLatch(1);
  private final Logger logger;

  /** Lets the log of a class hang. */
  public HangingLog(Class<?> type) {
    logger = (Logger) LoggerFactory.getLogger(type);
    start();
    logger.addAppender(this);
  }

  @Override
  protected void append(ILoggingEvent event) {
    hanging.countDown();
    boolean interrupted = false;
    while (released.getCount() > 0) {
      try {
        released.await();
      } catch (InterruptedException e) {
        interrupted = true; // a write that hangs does not end for it
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits until a line hangs. */
  public void awaitHanging() throws InterruptedException {
    assertThat(hanging.await(10, TimeUnit.SECONDS)).isTrue();
  }

  @Override
  public void close() {
    logger.detachAppender(this);
    released.countDown();
    stop();
  }
}
