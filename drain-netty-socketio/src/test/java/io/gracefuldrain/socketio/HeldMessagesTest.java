package io.gracefuldrain.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** On the clock of Netty's embedded channel. */
class HeldMessagesTest {
  private final List<Object> handled = new ArrayList<>();
  private final HeldMessages held = new HeldMessages(this::handle);
  private final EmbeddedChannel channel = new EmbeddedChannel(new Gate());
  private boolean decided;

  private void handle(ChannelHandlerContext ctx, Object message) {
    if (decided) {
      handled.add(message);
    } else {
      assertThat(held.tryHold(ctx, message)).isTrue();
    }
  }

  private final class Gate extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      handle(ctx, message);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
      assertThat(event).isSameAs(HeldMessages.DECIDED);
      held.tryAgain(ctx);
    }
  }

  @BeforeEach
  void freeze() {
    channel.freezeTime();
  }

  @Test
  void held_isHandledWhenItIsDecided_inItsOrder() {
    channel.writeInbound("a", "b");
    assertThat(channel.config().isAutoRead()).isFalse();
    pass(1000);
    assertThat(handled).isEmpty();

    decided = true;
    pass(20);

    assertThat(handled).containsExactly("a", "b");
    assertThat(channel.config().isAutoRead()).isTrue();
  }

  @Test
  void decided_handlesWhatIsHeldAtOnce_andOnce() {
    channel.writeInbound("a", "b");
    decided = true;

    channel.pipeline().fireUserEventTriggered(HeldMessages.DECIDED);
    channel.writeInbound("c");
    pass(100);

    assertThat(handled).containsExactly("a", "b", "c");
    assertThat(held.any()).isFalse();
  }

  @Test
  void decided_withNothingHeld_changesNothing() {
    channel.config().setAutoRead(false);

    channel.pipeline().fireUserEventTriggered(HeldMessages.DECIDED);

    assertThat(handled).isEmpty();
    assertThat(channel.config().isAutoRead()).isFalse();
  }

  private void pass(long millis) {
    for (long left = millis; left > 0; left -= 20) {
      channel.advanceTimeBy(20, TimeUnit.MILLISECONDS);
      channel.runPendingTasks();
    }
  }
}
