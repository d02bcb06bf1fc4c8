package io.gracefuldrain.socketio;

import com.corundumstudio.socketio.handler.ClientHead;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.FullHttpRequest;
import org.jspecify.annotations.Nullable;

/**
 * Tracks a session from the moment it was authorized, before its first listener runs. Thread-safe.
 */
@Sharable
final class SessionTracker extends ChannelInboundHandlerAdapter {
  private final ServerContext context;
  private final Sessions sessions;
  private final Greeter greeter;

  SessionTracker(ServerContext context, Sessions sessions, Greeter greeter) {
    this.context = context;
    this.sessions = sessions;
    this.greeter = greeter;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (!(message instanceof FullHttpRequest)) {
      ctx.fireChannelRead(message);
      return;
    }
    ClientHead head = ctx.channel().attr(ClientHead.CLIENT).get();
    Session session = null;
    if (head != null && head.isConnected() && sessions.get(head.getSessionId()) == null) {
      session = track(head, ctx.channel(), true);
    }
    if (session == null) {
      ctx.fireChannelRead(message);
      return;
    }
    try {
      ctx.fireChannelRead(message); // connect listeners run in it
      greeter.beforeDispatch(session);
      greeter.greet(session);
    } finally {
      session.exit();
    }
  }

  /**
   * Tracks a session.
   *
   * @param busy whether it is entered before a drain can call it
   */
  private Session track(ClientHead head, Channel channel, boolean busy) {
    Session session =
        context
            .coordinator()
            .register(
                handle -> {
                  Session fresh = new Session(context, head, channel, handle, sessions::remove);
                  sessions.add(fresh);
                  if (busy) {
                    fresh.enter();
                  }
                  return fresh;
                });
    Session.carry(channel, session);
    return session;
  }

  /**
   * The session of a packet that came on a channel, or null if it has ended.
   *
   * <p>It is the session that the channel carries, except on a WebSocket in two cases:
   *
   * <ul>
   *   <li>The client has left its last namespace. netty-socketio has ended the session then, but
   *       keeps the connection. The client may join a namespace again, so from its next packet on
   *       it is tracked again, as a new session.
   *   <li>The WebSocket was opened under another path than Socket.IO's. netty-socketio accepts that
   *       if the query names a session, and the gate has let the request pass unread.
   * </ul>
   */
  @Nullable Session sender(ClientHead head, Channel channel) {
    Session carried = Session.on(channel);
    if (carried != null && carried.head() == head && !carried.ended()) {
      return carried;
    }
    Session known = sessions.get(head.getSessionId());
    if (known != null && known.head() == head) {
      Session.carry(channel, known);
      return known;
    }
    if (head.isConnected()) {
      return track(head, channel, false);
    }
    Session.carry(channel, null);
    return null;
  }

  /** netty-socketio has ended a session. */
  void disconnected(ClientHead head) {
    Session session = sessions.get(head.getSessionId());
    if (session != null && session.head() == head) {
      session.disconnected();
    }
  }
}
