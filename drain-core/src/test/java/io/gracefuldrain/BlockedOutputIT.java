package io.gracefuldrain;

import static io.gracefuldrain.Times.s;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;

/** A log or standard output that hangs: nobody reads the pipe. */
@Isolated("it blocks the log of every drain")
final class BlockedOutputIT {
  private final CountDownLatch end = new CountDownLatch(1);

  private void block() {
    try {
      assertThat(end.await(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void standardOutput_thatBlocks_keepsNoDrainFromItsCompletion() throws Exception {
    PrintStream blocked =
        new PrintStream(
            new OutputStream() {
              @Override
              public void write(int any) {
                block();
              }
            });
    VirtualPod pod = new VirtualPod(VirtualPod.policy(), blocked);
    pod.coordinator.started();
    pod.stock("c");
    CompletionStage<DrainReport> done = pod.drain(DrainReason.SIGTERM);
    pod.advance(s(21));

    assertThat(VirtualPod.done(done).count(Outcome.CLOSED)).isEqualTo(1);
    end.countDown();
  }

  @Test
  void log_thatBlocks_stopsNoDrainAndSaysLaterWhatWasDropped() throws Exception {
    LoggerContext loggers = (LoggerContext) LoggerFactory.getILoggerFactory();
    TurboFilter filter =
        new TurboFilter() {
          @Override
          public FilterReply decide(
              Marker marker, Logger logger, Level level, String text, Object[] all, Throwable t) {
            if (logger.getName().equals("io.gracefuldrain.drain")) {
              block();
            }
            return FilterReply.NEUTRAL;
          }
        };
    filter.start();
    loggers.addTurboFilter(filter);
    try (Log log = new Log()) {
      VirtualPod pod = new VirtualPod(VirtualPod.policy(), System.out);
      pod.coordinator.started();
      pod.stock("c");
      CompletionStage<DrainReport> done = pod.drain(DrainReason.MANUAL);
      for (int i = 0; i < Journal.QUEUE; i++) {
        pod.coordinator.drain(DrainReason.MANUAL); // a line each
      }
      pod.advance(s(21));

      assertThat(VirtualPod.done(done).count(Outcome.CLOSED)).isEqualTo(1);
      end.countDown();
      io.gracefuldrain.testing.Await.until(
          "the dropped lines are told", () -> !log.lines(LogCode.LINES_DROPPED).isEmpty());
    } finally {
      loggers.getTurboFilterList().remove(filter);
      end.countDown();
    }
  }
}
