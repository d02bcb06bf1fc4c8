package io.gracefuldrain.socketio;

import com.corundumstudio.socketio.SocketIOClient;
import com.corundumstudio.socketio.messages.OutPacketMessage;
import com.corundumstudio.socketio.namespace.Namespace;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import org.jspecify.annotations.Nullable;

/**
 * Sees what netty-socketio is about to encode, while hand-over is on: each session's {@link Outbox}
 * decides what may go. Thread-safe.
 */
@Sharable
final class Outgoing extends ChannelOutboundHandlerAdapter {
  private final ServerContext context;
  private final Sessions sessions;

  Outgoing(ServerContext context, Sessions sessions) {
    this.context = context;
    this.sessions = sessions;
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
    if (!(message instanceof OutPacketMessage out)) {
      var unused = ctx.write(message, promise);
      return;
    }
    Session session = session(ctx, out);
    Arrival arrival = session == null ? null : session.arrival();
    if (session == null || arrival == null) {
      var unused = ctx.write(message, promise);
      return;
    }
    if (context.detached()) {
      arrival.outbox().open();
    }
    if (arrival.outbox().passes(out.getTransport())) {
      var unused = ctx.write(message, promise);
    } else {
      arrival.outbox().write(ctx, out.getTransport(), promise);
    }
    if (context.json().wroteLongText() && !arrival.wantsToken()) {
      forgetIt(session);
    }
  }

  private @Nullable Session session(ChannelHandlerContext ctx, OutPacketMessage out) {
    Session carried = Session.on(ctx.channel());
    return carried != null && carried.head() == out.getClientHead()
        ? carried
        : sessions.of(out.getClientHead());
  }

  /**
   * A stock client repeats the last text that it got, as its {@code offset}, in its next CONNECT. A
   * long one would make that packet larger than the server's frames may be, and the client could
   * never join again. It gets an empty one after it.
   */
  private static void forgetIt(Session session) {
    for (Namespace namespace : session.head().getNamespaces()) {
      SocketIOClient client = session.head().getChildClient(namespace);
      if (client != null) {
        client.sendEvent(Arrival.AT, "");
      }
    }
  }
}
