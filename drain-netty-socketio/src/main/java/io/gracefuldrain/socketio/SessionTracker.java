package io.gracefuldrain.socketio;

import com.corundumstudio.socketio.handler.ClientHead;
import io.gracefuldrain.CurrentWork;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.util.AttributeKey;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tracks a session from the moment it was authorized, before its first listener runs. Thread-safe.
 */
@Sharable
final class SessionTracker extends ChannelInboundHandlerAdapter {
  /**
   * Stands for a request that waits before netty-socketio. Whatever passes netty-socketio's
   * authorization stops the timer that closes silent channels. It goes no further than this.
   */
  static final Object REQUEST_SEEN = new Object();

  private static final AttributeKey<FullHttpRequest> HANDSHAKE =
      AttributeKey.valueOf(SessionTracker.class, "handshake");

  private final ServerContext context;
  private final Sessions sessions;
  private final Consumer<Session> onOver; // one for all

  SessionTracker(ServerContext context, Sessions sessions) {
    this.context = context;
    this.sessions = sessions;
    this.onOver = sessions::remove;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (message == REQUEST_SEEN) {
      return;
    }
    if (!(message instanceof FullHttpRequest)) {
      ctx.fireChannelRead(message);
      return;
    }
    ClientHead head = ctx.channel().attr(ClientHead.CLIENT).get();
    if (head == null || !head.isConnected() || sessions.of(head) != null || context.detached()) {
      ctx.fireChannelRead(message);
      return;
    }
    Session session = track(head, ctx.channel());
    try {
      // connect listeners run in it
      CurrentWork.during(session.handle(), () -> ctx.fireChannelRead(message));
    } finally {
      session.exit();
    }
  }

  /** Remembers a handshake while it is handled, so that one that fails is answered. */
  void handshake(Channel channel, FullHttpRequest request, Runnable handling) {
    channel.attr(HANDSHAKE).set(request);
    try {
      handling.run();
    } finally {
      channel.attr(HANDSHAKE).set(null);
    }
  }

  /**
   * A handshake has failed: the application's store, say, has thrown. netty-socketio neither
   * answers it nor releases it.
   */
  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    FullHttpRequest failed = ctx.channel().attr(HANDSHAKE).getAndSet(null);
    if (failed != null && failed.refCnt() > 0) {
      String origin = failed.headers().get(HttpHeaderNames.ORIGIN);
      failed.release();
      context.answers().handshakeFailed(ctx.channel(), origin);
    }
    ctx.fireExceptionCaught(cause);
  }

  /** Tracks a session. It is entered before a drain can call it. */
  private Session track(ClientHead head, Channel channel) {
    Session session =
        context
            .coordinator()
            .register(
                handle -> {
                  Session fresh = new Session(context, head, channel, handle, onOver);
                  sessions.add(fresh);
                  fresh.enter();
                  return fresh;
                });
    if (!context.started()) {
      session.untracked(); // stopped or detached meanwhile
    }
    Session.carry(channel, session);
    sessions.sweep(channel.eventLoop(), context.pingTimeout());
    return session;
  }

  /**
   * The session of packets that came on a channel, or null if it has ended. It is the session that
   * the channel carries, unless another handler took the request that opened its WebSocket past the
   * gate.
   */
  @Nullable Session sender(ClientHead head, Channel channel) {
    Session carried = Session.on(channel);
    Session sender = carried != null && carried.head() == head ? carried : sessions.of(head);
    if (sender == null || sender.ended()) {
      return null;
    }
    Session.carry(channel, sender);
    return sender;
  }
}
