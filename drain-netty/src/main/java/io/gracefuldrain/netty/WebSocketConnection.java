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
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A WebSocket, tracked from the answer of its handshake until its channel closes. Thread-safe:
 * everything is done on the channel's event loop.
 */
final class WebSocketConnection implements DrainableConnection {
  private static final AttributeKey<WebSocketConnection> CONNECTION =
      AttributeKey.valueOf(WebSocketConnection.class, "connection");

  private static final AtomicLong OPENED = new AtomicLong();

  private final NettyDrain drain;
  private final ConnectionHandle handle;
  private final Channel channel;
  private final boolean aware;
  private final String id;

  // Confined to the event loop.
  private final LastRead lastRead;
  private boolean saidGoodbye;
  private boolean leaving;

  /** Of a channel that has just answered a handshake: busy, one dispatch has begun. */
  WebSocketConnection(NettyDrain drain, ConnectionHandle handle, Channel channel, boolean aware) {
    this.drain = drain;
    this.handle = handle;
    this.channel = channel;
    this.aware = aware;
    this.id = channel.id().asShortText() + "-" + Long.toHexString(OPENED.incrementAndGet());
    this.lastRead = new LastRead(drain.coordinator());
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

  /** Whether its goodbye has begun: nothing is dispatched any more. */
  boolean leaving() {
    return leaving;
  }

  private void ended() {
    handle.left(saidGoodbye ? Departure.GOODBYE : Departure.SILENT);
  }

  // ---------------------------------------------------------------- what the drain asks

  /**
   * Begins with what Netty calls the channel in its logs, which reports show, and which differs
   * from channel to channel. Netty's long name does not: its first half names the machine.
   */
  @Override
  public String id() {
    return id;
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
            letGo(within);
          }
        });
  }

  private void letGo(Duration within) {
    if (!handle.sealed()) {
      return; // something came late; the coordinator asks again when it has ended
    }
    if (leaving || lastRead.readBefore(channel.eventLoop(), () -> letGo(within))) {
      return;
    }
    leaving = true;
    WebSocketGoodbye.begin(channel, within).end(drain.coordinator().policy().goodbye());
  }

  private void onEventLoop(Runnable task) {
    try {
      channel.eventLoop().execute(task);
    } catch (RejectedExecutionException e) { // the server has stopped, and its channels with it
      handle.left(Departure.SILENT);
    }
  }
}
