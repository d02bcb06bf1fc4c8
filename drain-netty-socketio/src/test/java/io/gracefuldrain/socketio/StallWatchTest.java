package io.gracefuldrain.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The silence is bounded, and the whole. */
class StallWatchTest {
  private static final long SILENCE = 1000;
  private static final long MOST = 3000;

  private final EmbeddedChannel channel = new EmbeddedChannel();
  private int stalled;

  @BeforeEach
  void freeze() {
    channel.freezeTime();
  }

  private StallWatch begin() {
    return StallWatch.begin(channel, SILENCE, MOST, () -> stalled++);
  }

  private void pass(long millis) {
    for (long passed = 0; passed < millis; passed += StallWatch.TICK_MILLIS) {
      channel.advanceTimeBy(StallWatch.TICK_MILLIS, TimeUnit.MILLISECONDS);
      channel.runScheduledPendingTasks();
    }
  }

  @Test
  void begin_withNoProgress_actsOnceAfterTheSilence() {
    begin();
    pass(SILENCE - StallWatch.TICK_MILLIS);
    assertThat(stalled).isZero();

    pass(StallWatch.TICK_MILLIS);
    assertThat(stalled).isOne();
    pass(MOST);
    assertThat(stalled).isOne();
  }

  @Test
  void progress_countsTheSilenceAnew_untilTheWholeIsOver() {
    StallWatch watch = begin();
    for (int i = 0; i < 5; i++) {
      pass(SILENCE / 2);
      watch.progress();
    }
    assertThat(stalled).isZero();

    pass(SILENCE / 2);
    assertThat(stalled).isOne();
  }

  @Test
  void bytesTaken_areProgress() {
    var unused = channel.write(Unpooled.wrappedBuffer(new byte[100]));
    begin();
    pass(SILENCE - StallWatch.TICK_MILLIS);

    channel.flush();
    pass(SILENCE - StallWatch.TICK_MILLIS);

    assertThat(stalled).isZero();
    pass(SILENCE);
    assertThat(stalled).isOne();
  }

  @Test
  void end_orAClosedChannel_isWatchedNoMore() {
    begin().end();
    begin();
    var unused = channel.close();

    pass(MOST);

    assertThat(stalled).isZero();
  }
}
