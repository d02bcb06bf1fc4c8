package io.gracefuldrain.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** On the clock of Netty's embedded channel. */
class WebSocketGoodbyeTest {
  private static final long TICK_MILLIS = StallWatch.TICK_MILLIS;

  private final EmbeddedChannel channel = new EmbeddedChannel();

  @BeforeEach
  void freeze() {
    channel.freezeTime();
  }

  @Test
  void begin_dropsInput_andIsTheSameForEachCall() {
    WebSocketGoodbye goodbye = WebSocketGoodbye.begin(channel, Duration.ofSeconds(9));
    ByteBuf input = Unpooled.buffer().writeByte(1);

    channel.writeInbound(input);

    assertThat(WebSocketGoodbye.begin(channel, Duration.ZERO)).isSameAs(goodbye);
    assertThat(channel.<Object>readInbound()).isNull();
    assertThat(input.refCnt()).isZero();
  }

  @Test
  void clientThatSendsOnAndReadsNothing_endsInTime_howeverLongTheDrainWaits() {
    WebSocketGoodbye.begin(channel, Duration.ofHours(1));

    pass(WebSocketGoodbye.MOST.minusMillis(TICK_MILLIS));
    assertThat(channel.isOpen()).isTrue();
    pass(Duration.ofMillis(TICK_MILLIS));
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void clientThatSendsOnAndReadsNothing_endsWhenTheDrainsTimeIsUp() {
    WebSocketGoodbye.begin(channel, Duration.ofSeconds(2));

    pass(Duration.ofSeconds(2).minusMillis(TICK_MILLIS));
    assertThat(channel.isOpen()).isTrue();
    pass(Duration.ofMillis(TICK_MILLIS));
    assertThat(channel.isOpen()).isFalse();
  }

  /** Lets time pass. The client sends meanwhile. */
  private void pass(Duration time) {
    for (long left = time.toMillis(); left > 0; left -= TICK_MILLIS) {
      channel.writeInbound(Unpooled.buffer().writeByte(1));
      channel.advanceTimeBy(TICK_MILLIS, TimeUnit.MILLISECONDS);
      channel.runScheduledPendingTasks();
    }
  }
}
