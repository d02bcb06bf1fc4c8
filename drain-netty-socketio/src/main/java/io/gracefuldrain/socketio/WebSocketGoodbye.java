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
 * Ends a WebSocket's transport in two steps, each with a bound at which the channel is closed:
 * write all that is queued and shut down the output; then read on to the client's end. Closing with
 * unread input would reset the connection, and the reset would discard what the client has not read
 * yet. No Close frame: Java clients hang on one. Runs on the channel's event loop.
 */
final class WebSocketGoodbye {
  /** How long a client that does not read may hold up what is queued for it. */
  static final long WRITE_MILLIS = 1000;

  /** How long a client may take to close its side. */
  static final long READ_MILLIS = 1000;

  private final Session session;
  private final Channel channel;
  private @Nullable ScheduledFuture<?> bound;

  private WebSocketGoodbye(Session session, Channel channel) {
    this.session = session;
    this.channel = channel;
  }

  static void say(Session session, Channel channel, boolean force) {
    WebSocketGoodbye goodbye = new WebSocketGoodbye(session, channel);
    if (channel.eventLoop().inEventLoop()) {
      goodbye.begin(force);
    } else {
      channel.eventLoop().execute(() -> goodbye.begin(force));
    }
  }

  private void begin(boolean force) {
    ChannelGate requests = channel.pipeline().get(ChannelGate.class);
    if (requests != null) {
      requests.deafen();
    }
    channel.config().setAutoRead(true);
    writeQueued();
    if (force) {
      channel.flush();
      close();
      return;
    }
    channel.closeFuture().addListener(closed -> unbound());
    within(WRITE_MILLIS);
    // An empty buffer is written when all before it has been.
    channel
        .writeAndFlush(Unpooled.EMPTY_BUFFER)
        .addListener((Future<Void> written) -> then(written, this::endTls));
  }

  /** Takes what is still in netty-socketio's own queue. */
  private void writeQueued() {
    if (session.head().getCurrentTransport() == Transport.WEBSOCKET) {
      var unused = channel.writeAndFlush(new OutPacketMessage(session.head(), Transport.WEBSOCKET));
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

  /** Bounds the step that begins, instead of the one that has ended. */
  private void within(long millis) {
    unbound();
    bound = channel.eventLoop().schedule(this::close, millis, TimeUnit.MILLISECONDS);
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
