package io.gracefuldrain.benchmarks.crowd;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * HAProxy's {@code close-spread-time} (2.6 and newer), restated from {@code src/mux_h1.c} in a copy
 * of its development line: {@code h1_refresh_timeout} and {@code h1_set_cli_conn_mode}. An idle
 * connection is closed at a random moment of what is left of the window. At each request, the
 * connection is closed with it if what is left of the window is not more than a random part of the
 * whole; else it is idle again, with a moment drawn anew.
 *
 * <p>There that is for connections between two HTTP requests. A WebSocket that HAProxy forwards is
 * none, and stays until {@code hard-stop-after}. Here a message counts as a request.
 */
final class HaproxySpread implements Ending {
  private final OpenChannels channels;

  /** When the window began and how long it is, in nanoseconds. */
  private record Spread(long beganAt, long window) {
    long left() {
      return window - (System.nanoTime() - beganAt);
    }
  }

  private volatile @Nullable Spread spread;

  HaproxySpread(OpenChannels channels) {
    this.channels = channels;
  }

  @Override
  public void addTo(ChannelPipeline pipeline) {
    pipeline.addLast(new Connection());
  }

  @Override
  public int end(Duration window) throws InterruptedException {
    Spread began = new Spread(System.nanoTime(), window.toNanos());
    spread = began;
    for (Channel channel : channels.now()) {
      channel.eventLoop().execute(() -> idle(channel, began));
    }
    channels.awaitNone(window.plusSeconds(10));
    return 0;
  }

  private static void idle(Channel channel, Spread began) {
    Connection connection = channel.pipeline().get(Connection.class);
    if (connection != null) {
      connection.isIdle(channel, began);
    }
  }

  /** Whether a request closes its connection. */
  static boolean closes(long left, long window) {
    return left <= 0 || left <= ThreadLocalRandom.current().nextLong(window);
  }

  /** Confined to the event loop. */
  private final class Connection extends ChannelInboundHandlerAdapter {
    private @Nullable Future<?> close;

    void isIdle(Channel channel, Spread began) {
      if (close != null) {
        close.cancel(false);
      }
      long left = began.left();
      long after = left <= 0 ? 0 : ThreadLocalRandom.current().nextLong(left);
      close = channel.eventLoop().schedule(() -> end(channel), after, TimeUnit.NANOSECONDS);
    }

    private void end(Channel channel) {
      var unused = channel.close();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      boolean request = message instanceof WebSocketFrame;
      context.fireChannelRead(message);
      Spread began = spread;
      if (!request || began == null) {
        return;
      }
      if (closes(began.left(), began.window())) {
        var unused = context.close();
      } else {
        isIdle(context.channel(), began);
      }
    }
  }
}
