package io.gracefuldrain.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;

/**
 * Sees whether a channel ends in order: the client closes its side after this side was closed, and
 * no error comes before that. It has read everything then. A reset, a stall and a channel that is
 * closed here are no such end. Confined to the channel's event loop.
 */
final class OrderlyEnd extends ChannelInboundHandlerAdapter {
  private boolean outputEnded;
  private boolean failed;
  private boolean seen;

  private OrderlyEnd() {}

  /** Watches a channel from now on, before all its handlers. */
  static OrderlyEnd watch(Channel channel) {
    OrderlyEnd end = new OrderlyEnd();
    // Netty would close the channel itself, and a reset would look the same as an end.
    if (channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true)) {
      channel.pipeline().addFirst(end);
    }
    return end;
  }

  /** Our side is closed. */
  void outputEnded() {
    outputEnded = true;
  }

  boolean seen() {
    return seen;
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    ctx.fireUserEventTriggered(event);
    if (event == ChannelInputShutdownEvent.INSTANCE) {
      seen = outputEnded && !failed;
      var unused = ctx.channel().close();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    failed = true;
    ctx.fireExceptionCaught(cause);
  }
}
