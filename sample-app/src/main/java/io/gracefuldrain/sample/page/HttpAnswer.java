package io.gracefuldrain.sample.page;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;

/**
 * Answers to requests that are not for Socket.IO.
 *
 * <p>Each answer closes its connection. After a few seconds netty-socketio closes connections that
 * brought it no Socket.IO request, and a browser must not keep one that is about to close.
 */
public final class HttpAnswer {
  private HttpAnswer() {}

  /** An answer in JSON. */
  public static FullHttpResponse json(HttpResponseStatus status, String json) {
    return of(status, "application/json", Unpooled.copiedBuffer(json, StandardCharsets.UTF_8));
  }

  static FullHttpResponse text(HttpResponseStatus status, String text) {
    return of(
        status,
        "text/plain; charset=utf-8",
        Unpooled.copiedBuffer(text + "\n", StandardCharsets.UTF_8));
  }

  static FullHttpResponse of(HttpResponseStatus status, String type, ByteBuf content) {
    FullHttpResponse answer = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, content);
    answer.headers().set(HttpHeaderNames.CONTENT_TYPE, type);
    answer.headers().set("x-content-type-options", "nosniff");
    answer.headers().setInt(HttpHeaderNames.CONTENT_LENGTH, content.readableBytes());
    return answer;
  }

  /** Sends an answer, and closes the connection. */
  @SuppressWarnings("FutureReturnValueIgnored") // an answer that cannot be sent ends the channel
  public static void send(ChannelHandlerContext ctx, FullHttpResponse answer) {
    answer.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    ctx.writeAndFlush(answer).addListener(ChannelFutureListener.CLOSE);
  }
}
