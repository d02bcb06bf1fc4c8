package io.gracefuldrain.lab.tcp;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One direction of a forwarded connection: bytes that arrive on its channel go to the other one.
 * The next read waits for the last write, so each direction holds at most one buffer. The end of a
 * stream is passed on as the end of a stream, and the way back stays open, because a server that
 * drains ends its output first. Both channels share one event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a channel that fails is closed
public final class Relay extends ChannelInboundHandlerAdapter {
  /** How long the way back may stay open once one side has ended. */
  static final long HALF_CLOSED_SECONDS = 60;

  private final DuplexChannel from;
  private final DuplexChannel to;
  private @Nullable Future<?> bound;

  private Relay(DuplexChannel from, DuplexChannel to) {
    this.from = from;
    this.to = to;
  }

  /** Forwards in both directions from now on. Neither channel may have auto-read on. */
  public static void join(DuplexChannel one, DuplexChannel other) {
    one.pipeline().addLast(new Relay(one, other));
    other.pipeline().addLast(new Relay(other, one));
    one.read();
    other.read();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object bytes) {
    to.writeAndFlush(bytes)
        .addListener(
            written -> {
              if (written.isSuccess()) {
                from.read();
              } else {
                from.close();
              }
            });
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof ChannelInputShutdownEvent) {
      // Netty's shutdownOutput() fails all pending writes, so it comes after them.
      to.writeAndFlush(Unpooled.EMPTY_BUFFER)
          .addListener(written -> to.shutdownOutput().addListener(end -> streamEnded()));
    }
    ctx.fireUserEventTriggered(event);
  }

  private void streamEnded() {
    if (from.isOutputShutdown() || !to.isActive()) {
      from.close();
      to.close();
    } else {
      bound = from.eventLoop().schedule(() -> from.close(), HALF_CLOSED_SECONDS, TimeUnit.SECONDS);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    if (bound != null) {
      bound.cancel(false);
    }
    if (to.isActive()) {
      to.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    // A reset by the peer; the other side learns of it as the end of the connection.
    from.close();
  }
}
