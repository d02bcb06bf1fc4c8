package io.gracefuldrain.socketio;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Ends a WebSocket in two steps. The first writes all that is queued and shuts down the output. The
 * second reads on until the client closes its side; nothing that it reads is dispatched. The
 * channel is closed when a step makes no progress for a while: a slow reader that still reads gets
 * all.
 *
 * <p>To close with unread input would reset the connection, and the reset would discard data that
 * the client has not read yet. No Close frame is sent, since Java clients hang on one. It knows
 * Netty only. Confined to the channel's event loop.
 */
final class WebSocketGoodbye extends ChannelInboundHandlerAdapter {
  /** How long the client may read nothing; later, how long it may neither send nor close. */
  static final long SILENCE_MILLIS = 1000;

  /** How long the writing may take in all, if the drain leaves it that long. */
  static final long MOST_WRITING_MILLIS = 30_000;

  /** How long a client may send without closing its side. */
  static final long MOST_READING_MILLIS = 3000;

  private final Channel channel;
  private final long most;
  private @Nullable StallWatch watch;

  private WebSocketGoodbye(Channel channel, long most) {
    this.channel = channel;
    this.most = most;
  }

  /**
   * Begins: from now on no input is dispatched, and the channel ends in bounded time.
   *
   * @param most how many milliseconds the drain leaves each step
   */
  static WebSocketGoodbye begin(Channel channel, long most) {
    WebSocketGoodbye known = channel.pipeline().get(WebSocketGoodbye.class);
    if (known != null) {
      return known;
    }
    WebSocketGoodbye goodbye = new WebSocketGoodbye(channel, most);
    SslHandler tls = channel.pipeline().get(SslHandler.class);
    if (tls == null) {
      channel.pipeline().addFirst(goodbye);
    } else {
      channel.pipeline().addAfter(channel.pipeline().context(tls).name(), null, goodbye);
    }
    channel.config().setAutoRead(true);
    goodbye.within(MOST_WRITING_MILLIS);
    return goodbye;
  }

  /** Drops what the client still sends. */
  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ReferenceCountUtil.release(message);
    if (watch != null) {
      watch.progress();
    }
  }

  /** Ends the channel when all that was written before has been delivered. */
  void end() {
    // An empty buffer counts as written when everything before it has been written.
    channel
        .writeAndFlush(Unpooled.EMPTY_BUFFER)
        .addListener((Future<Void> written) -> then(written, this::endTls));
  }

  /** Ends it at once. */
  void force() {
    channel.flush();
    close();
  }

  private void endTls() {
    SslHandler tls = channel.pipeline().get(SslHandler.class);
    if (tls == null) {
      shutDownOutput();
    } else {
      tls.closeOutbound().addListener((Future<Void> notified) -> shutDownOutput());
    }
  }

  private void shutDownOutput() {
    if (channel instanceof DuplexChannel duplex) {
      duplex
          .shutdownOutput()
          .addListener(
              (Future<Void> shutDown) -> then(shutDown, () -> within(MOST_READING_MILLIS)));
    } else {
      close();
    }
  }

  private void then(Future<Void> done, Runnable next) {
    if (done.isSuccess()) {
      next.run();
    } else {
      close();
    }
  }

  /** Replaces the bound of the last step by that of the next one. */
  private void within(long mostMillis) {
    if (watch != null) {
      watch.end();
    }
    watch = StallWatch.begin(channel, SILENCE_MILLIS, Math.min(mostMillis, most), this::close);
  }

  private void close() {
    var unused = channel.close();
  }
}
