package io.gracefuldrain.socketio;

import com.corundumstudio.socketio.messages.PacketsMessage;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.FullHttpRequest;

/**
 * What an aware client sends, handled in its turn: an upload before it has been answered, but
 * perhaps not been dispatched. The session is entered, and is left when it has been handled.
 */
final class InTurn {
  private InTurn() {}

  /** Passes an upload on now or later; returns whether it will. */
  static boolean upload(ChannelHandlerContext ctx, FullHttpRequest request, Session session) {
    TurnQueue turns = session.turns();
    if (turns.tryBegin()) {
      try {
        handle(ctx, request, session);
      } finally {
        turns.end();
      }
      return true;
    }
    if (turns.full()) {
      session.exit();
      return false;
    }
    turns.await(
        ctx.executor(),
        () -> handle(ctx, request, session),
        () -> {
          request.release();
          session.exit();
        });
    return true;
  }

  private static void handle(ChannelHandlerContext ctx, FullHttpRequest request, Session session) {
    try {
      if (ctx.isRemoved()) {
        request.release(); // its sender has given it up
      } else {
        ctx.fireChannelRead(request);
      }
    } finally {
      session.exit();
    }
  }

  /** What came over the WebSocket that a session has changed over to; no more is read meanwhile. */
  static void packets(
      ChannelHandlerContext ctx, PacketsMessage packets, Session session, Runnable dispatch) {
    ByteBuf content = packets.getContent().retain();
    ctx.channel().config().setAutoRead(false);
    session
        .turns()
        .await(
            ctx.executor(),
            () -> {
              try {
                if (session.ended()) {
                  session.exit(); // cut meanwhile
                } else {
                  dispatch.run();
                }
              } finally {
                content.release();
                ctx.channel().config().setAutoRead(true);
              }
            },
            () -> {
              content.release();
              session.exit();
            });
  }
}
