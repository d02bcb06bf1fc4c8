package io.gracefuldrain.socketio;

import com.corundumstudio.socketio.Transport;
import com.corundumstudio.socketio.messages.OutPacketMessage;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Ends a WebSocket in two steps. The first writes all that is queued and shuts down the output. The
 * second reads on until the client closes its side. Each step has a bound, at which the channel is
 * closed.
 *
 * <p>To close with unread input would reset the connection, and the reset would discard data that
 * the client has not read yet. No Close frame is sent, since Java clients hang on one. Runs on the
 * channel's event loop.
 */
final class WebSocketGoodbye {
  /** How long the writing may take if the client does not read. */
  static final long WRITE_MILLIS = 1000;

  /** How long a client may take to close its side. */
  static final long READ_MILLIS = 1000;

  private final SessionChannels channels;
  private final Channel channel;
  private final long most;
  private @Nullable ScheduledFuture<?> bound;

  private WebSocketGoodbye(SessionChannels channels, Channel channel, long most) {
    this.channels = channels;
    this.channel = channel;
    this.most = most;
  }

  /**
   * Says it.
   *
   * @param most how many milliseconds the drain leaves each step
   */
  static void say(SessionChannels channels, Channel channel, boolean force, long most) {
    WebSocketGoodbye goodbye = new WebSocketGoodbye(channels, channel, most);
    if (channel.eventLoop().inEventLoop()) {
      goodbye.begin(force);
    } else {
      channel.eventLoop().execute(() -> goodbye.begin(force));
    }
  }

  private void begin(boolean force) {
    channels.deafen(channel);
    channel.config().setAutoRead(true);
    writeQueued();
    if (force) {
      channel.flush();
      close();
      return;
    }
    channel.closeFuture().addListener(closed -> unbound());
    within(WRITE_MILLIS);
    // An empty buffer counts as written when everything before it has been written.
    channel
        .writeAndFlush(Unpooled.EMPTY_BUFFER)
        .addListener((Future<Void> written) -> then(written, this::endTls));
  }

  /** Writes the packets that are still in netty-socketio's own queue. */
  private void writeQueued() {
    if (channels.overWebSocket()) {
      var unused =
          channel.writeAndFlush(new OutPacketMessage(channels.head(), Transport.WEBSOCKET));
    }
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
          .addListener((Future<Void> shutDown) -> then(shutDown, () -> within(READ_MILLIS)));
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
  private void within(long millis) {
    unbound();
    long bounded = Math.min(millis, most);
    bound = channel.eventLoop().schedule(this::close, bounded, TimeUnit.MILLISECONDS);
  }

  private void close() {
    var unused = channel.close();
  }

  private void unbound() {
    if (bound != null) {
      bound.cancel(false);
    }
  }
}
