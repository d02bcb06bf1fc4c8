package io.gracefuldrain.socketio;

import com.corundumstudio.socketio.Transport;
import com.corundumstudio.socketio.messages.OutPacketMessage;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Ends a WebSocket's transport: flush, shut down the output, read on to the client's end, close.
 * Closing with unread input would reset the connection, and the reset would discard what the client
 * has not read yet. No Close frame: Java clients hang on one. Runs on the channel's event loop.
 */
final class WebSocketGoodbye {
  /** How long a client that does not read may hold up the flush. */
  static final long FLUSH_MILLIS = 1000;

  /** How long a client may take to close its side. */
  static final long READ_MILLIS = 1000;

  private final Session session;
  private final Channel channel;

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
    RequestHandler requests = channel.pipeline().get(RequestHandler.class);
    if (requests != null) {
      requests.deafen();
    }
    channel.config().setAutoRead(true);
    writeQueued();
    if (force) {
      channel.flush();
      channel.close();
      return;
    }
    closeAfter(FLUSH_MILLIS + READ_MILLIS);
    // An empty buffer is written when all before it has been.
    channel
        .writeAndFlush(Unpooled.EMPTY_BUFFER)
        .addListener(
            flushed -> {
              if (flushed.isSuccess()) {
                shutDownOutput();
              } else {
                channel.close();
              }
            });
    closeUnlessFlushed();
  }

  /** Takes what is still in netty-socketio's own queue. */
  private void writeQueued() {
    if (session.head().getCurrentTransport() == Transport.WEBSOCKET) {
      channel.writeAndFlush(new OutPacketMessage(session.head(), Transport.WEBSOCKET));
    }
  }

  private void shutDownOutput() {
    SslHandler tls = channel.pipeline().get(SslHandler.class);
    if (tls == null) {
      finish();
    } else {
      tls.closeOutbound().addListener((Future<Void> notified) -> finish());
    }
  }

  private void finish() {
    if (channel instanceof DuplexChannel duplex) {
      duplex
          .shutdownOutput()
          .addListener(
              done -> {
                if (done.isSuccess()) {
                  closeAfter(READ_MILLIS);
                } else {
                  channel.close();
                }
              });
    } else {
      channel.close();
    }
  }

  private void closeUnlessFlushed() {
    var timer =
        channel
            .eventLoop()
            .schedule(
                () -> {
                  if (channel instanceof DuplexChannel duplex && !duplex.isOutputShutdown()) {
                    channel.close();
                  }
                },
                FLUSH_MILLIS,
                TimeUnit.MILLISECONDS);
    channel.closeFuture().addListener(closed -> timer.cancel(false));
  }

  private void closeAfter(long millis) {
    var timer = channel.eventLoop().schedule(() -> channel.close(), millis, TimeUnit.MILLISECONDS);
    channel.closeFuture().addListener(closed -> timer.cancel(false));
  }
}
