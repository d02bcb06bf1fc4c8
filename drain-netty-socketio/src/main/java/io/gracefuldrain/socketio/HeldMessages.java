package io.gracefuldrain.socketio;

import com.corundumstudio.socketio.messages.PacketsMessage;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/**
 * What came on a channel in the last second of its session's settle grace, in its order. After that
 * second the session is sealed, or takes work again since the drain was recalled. No more is read
 * from the channel until then. Confined to the channel's event loop.
 */
final class HeldMessages {
  /** An event of a channel: what is held there is handled now, since it has been decided. */
  static final Object DECIDED = new Object();

  private static final long AGAIN_MILLIS = 20;

  /** How often it is tried: longer than that second, in case nobody decides. */
  private static final int MOST_TRIES = 100;

  private final BiConsumer<ChannelHandlerContext, Object> handler;
  private List<Object> held = new ArrayList<>();
  private int tries;

  /** None yet. */
  HeldMessages(BiConsumer<ChannelHandlerContext, Object> handler) {
    this.handler = handler;
  }

  boolean any() {
    return !held.isEmpty();
  }

  /** Holds a request or packets, which are handled later; returns false when time is over. */
  boolean tryHold(ChannelHandlerContext ctx, Object message) {
    if (tries >= MOST_TRIES) {
      return false;
    }
    if (held.isEmpty()) {
      ctx.channel().config().setAutoRead(false);
      var unused =
          ctx.executor().schedule(() -> tryAgain(ctx), AGAIN_MILLIS, TimeUnit.MILLISECONDS);
    }
    if (message instanceof PacketsMessage packets) {
      packets.getContent().retain(); // the caller releases it; a request is ours
    }
    held.add(message);
    return true;
  }

  /** Handles what is held, which may be held again. */
  void tryAgain(ChannelHandlerContext ctx) {
    if (held.isEmpty()) {
      return; // it was decided before its time
    }
    List<Object> messages = held;
    held = new ArrayList<>();
    tries++;
    for (Object message : messages) {
      if (ctx.isRemoved()) {
        ReferenceCountUtil.release(message); // its sender is gone
      } else {
        handler.accept(ctx, message); // which may hold it again
      }
      if (message instanceof PacketsMessage packets) {
        packets.getContent().release();
      }
    }
    if (held.isEmpty()) {
      tries = 0;
      ctx.channel().config().setAutoRead(true);
    }
  }
}
