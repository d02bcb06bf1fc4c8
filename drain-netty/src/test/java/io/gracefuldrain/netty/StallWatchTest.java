package io.gracefuldrain.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** On the clock of Netty's embedded channel. */
class StallWatchTest {
  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final AtomicInteger stalled = new AtomicInteger();

  @BeforeEach
  void freeze() {
    channel.freezeTime();
  }

  @Test
  void silence_isSeenAtItsEnd_once() {
    watch(1000, 60_000);

    pass(999);
    assertThat(stalled).hasValue(0);
    pass(10_000);
    assertThat(stalled).hasValue(1);
  }

  @Test
  void progress_beginsTheSilenceAnew() {
    StallWatch watch = watch(1000, 60_000);

    pass(900);
    watch.progress();
    pass(1000);
    assertThat(stalled).hasValue(0);
    pass(StallWatch.TICK_MILLIS);
    assertThat(stalled).hasValue(1);
  }

  @Test
  void allProgress_endsAtTheMost() {
    StallWatch watch = watch(1000, 1600);

    for (int i = 0; i < 15; i++) {
      watch.progress();
      pass(100);
    }
    assertThat(stalled).hasValue(0);
    watch.progress();
    pass(100);
    assertThat(stalled).hasValue(1);
  }

  @Test
  void most_isOnlyEverLess() {
    StallWatch watch = watch(60_000, 2000);

    watch.atMost(Duration.ofSeconds(5));
    pass(1000);
    watch.atMost(Duration.ofMillis(500));
    pass(500);
    assertThat(stalled).hasValue(1);
  }

  @Test
  void noTime_actsAtOnce() {
    watch(1000, 0);

    pass(0);
    assertThat(stalled).hasValue(1);
  }

  @Test
  void bytesQueuedMeanwhile_areNoProgress() {
    watch(1000, 60_000);

    pass(500);
    var unused = channel.write(Unpooled.wrappedBuffer(new byte[100]));
    pass(500);
    assertThat(stalled).hasValue(1);
  }

  @Test
  void bytesTaken_areProgress() {
    var unused = channel.write(Unpooled.wrappedBuffer(new byte[100]));
    watch(1000, 60_000);

    pass(900);
    channel.flush();
    pass(1000);
    assertThat(stalled).hasValue(0);
    pass(StallWatch.TICK_MILLIS);
    assertThat(stalled).hasValue(1);
  }

  @Test
  void closedChannel_isWatchedNoMore() {
    watch(1000, 60_000);

    var unused = channel.close();
    pass(10_000);
    assertThat(stalled).hasValue(0);
  }

  private StallWatch watch(long mostSilentMillis, long mostMillis) {
    return StallWatch.begin(
        channel,
        Duration.ofMillis(mostSilentMillis),
        Duration.ofMillis(mostMillis),
        stalled::incrementAndGet);
  }

  private void pass(long millis) {
    channel.runScheduledPendingTasks();
    for (long i = 0; i < millis; i++) { // each task is to run at its time
      channel.advanceTimeBy(1, TimeUnit.MILLISECONDS);
      channel.runScheduledPendingTasks();
    }
  }
}
