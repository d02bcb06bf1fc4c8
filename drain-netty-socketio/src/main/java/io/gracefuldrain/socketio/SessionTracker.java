package io.gracefuldrain.socketio;

import com.corundumstudio.socketio.handler.ClientHead;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.FullHttpRequest;

/** Tracks a session from the moment it was authorized, before its first listener runs. */
@Sharable
final class SessionTracker extends ChannelInboundHandlerAdapter {
  private final Sessions sessions;

  SessionTracker(Sessions sessions) {
    this.sessions = sessions;
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
      session = sessions.open(head, ctx.channel());
      ctx.pipeline().get(ChannelGate.class).session(session);
    }
    ctx.fireChannelRead(message);
    if (session != null) {
      sessions.hints().beforeDispatch(session);
      sessions.hints().greet(session);
    }
  }
}
