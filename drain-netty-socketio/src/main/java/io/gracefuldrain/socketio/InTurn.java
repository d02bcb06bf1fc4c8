package io.gracefuldrain.socketio;

import com.corundumstudio.socketio.messages.PacketsMessage;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.FullHttpRequest;

/**
 * Handles an aware client's uploads and packets, each when its turn has come. The caller has
 * entered the session, which is left again when the upload or the packets have been handled.
 */
final class InTurn {
  private InTurn() {}

  /** Forwards an upload, now or later; returns false if too many wait already. */
  static boolean upload(ChannelHandlerContext ctx, FullHttpRequest request, Session session) {
    TurnQueue turns = session.awareClient().turns();
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
        request.release(); // its sender is gone
      } else {
        session.hear(ctx.channel(), () -> ctx.fireChannelRead(request));
      }
    } finally {
      session.exit();
    }
  }

  /**
   * Dispatches packets from the WebSocket of a session that was polling before. No more is read
   * from the WebSocket until then.
   */
  static void packets(
      ChannelHandlerContext ctx, PacketsMessage packets, Session session, Runnable dispatch) {
    ByteBuf content = packets.getContent().retain();
    ctx.channel().config().setAutoRead(false);
    session
        .awareClient()
        .turns()
        .await(
            ctx.executor(),
            () -> {
              try {
                if (session.ended()) {
                  session.exit(); // the client was cut off meanwhile
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
