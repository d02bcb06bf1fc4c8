package io.gracefuldrain.netty;

import io.gracefuldrain.CloseManner;
import io.gracefuldrain.ConnectionHandle;
import io.gracefuldrain.Departure;
import io.gracefuldrain.DrainableConnection;
import io.gracefuldrain.ReconnectHint;
import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A WebSocket, tracked from the answer of its handshake until its channel closes. Thread-safe:
 * everything is done on the channel's event loop.
 */
final class WebSocketConnection implements DrainableConnection {
  private static final AttributeKey<WebSocketConnection> CONNECTION =
      AttributeKey.valueOf(WebSocketConnection.class, "connection");

  private final NettyDrain drain;
  private final ConnectionHandle handle;
  private final Channel channel;
  private final boolean aware;

  private boolean saidGoodbye; // confined to the event loop

  /** Of a channel that has just answered a handshake: busy, one dispatch has begun. */
  WebSocketConnection(NettyDrain drain, ConnectionHandle handle, Channel channel, boolean aware) {
    this.drain = drain;
    this.handle = handle;
    this.channel = channel;
    this.aware = aware;
    if (!handle.tryEnter()) {
      throw new IllegalStateException("a connection that is not tracked yet is sealed");
    }
    channel.attr(CONNECTION).set(this);
    channel.closeFuture().addListener((Future<Void> closed) -> ended());
  }

  static @Nullable WebSocketConnection on(Channel channel) {
    return channel.attr(CONNECTION).get();
  }

  ConnectionHandle handle() {
    return handle;
  }

  /** Notes that the client has said goodbye. */
  void goodbye() {
    saidGoodbye = true;
  }

  private void ended() {
    handle.left(saidGoodbye ? Departure.GOODBYE : Departure.SILENT);
  }

  // ---------------------------------------------------------------- what the drain asks

  @Override
  public String id() {
    return channel.id().asLongText();
  }

  @Override
  public String transport() {
    return "websocket";
  }

  @Override
  public boolean aware() {
    return aware;
  }

  @Override
  public void hint(ReconnectHint hint) {
    onEventLoop(() -> say(hint));
  }

  private void say(ReconnectHint hint) {
    try {
      drain.say(channel, hint);
    } catch (Throwable e) { // the application's own
      channel.pipeline().fireExceptionCaught(e);
    }
  }

  @Override
  public void close(CloseManner manner, Duration within) {
    onEventLoop(
        () -> {
          if (manner == CloseManner.FORCE) {
            WebSocketGoodbye.force(channel);
          } else {
            WebSocketGoodbye.begin(channel, within).end(drain.coordinator().policy().goodbye());
          }
        });
  }

  private void onEventLoop(Runnable task) {
    try {
      channel.eventLoop().execute(task);
    } catch (RejectedExecutionException e) { // the server has stopped, and its channels with it
      handle.left(Departure.SILENT);
    }
  }
}
