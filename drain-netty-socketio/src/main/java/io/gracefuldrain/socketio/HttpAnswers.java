package io.gracefuldrain.socketio;

import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import org.jspecify.annotations.Nullable;

/** The answers that the adapter gives instead of netty-socketio. Each ends its connection. */
final class HttpAnswers {
  /** What Engine.IO says of a session it does not know; every client then begins a new one. */
  private static final String UNKNOWN_SESSION = "{\"code\":1,\"message\":\"Session ID unknown\"}";

  // Clients of Socket.IO do not read it and follow their own back-off; proxies do.
  private static final String RETRY_AFTER_SECONDS = "1";

  private HttpAnswers() {}

  static void unknownSession(Channel channel, @Nullable String origin) {
    answer(channel, HttpResponseStatus.BAD_REQUEST, UNKNOWN_SESSION, origin);
  }

  static void refuseHandshake(Channel channel, @Nullable String origin) {
    answer(channel, HttpResponseStatus.SERVICE_UNAVAILABLE, "{\"message\":\"draining\"}", origin);
  }

  private static void answer(
      Channel channel, HttpResponseStatus status, String json, @Nullable String origin) {
    FullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1, status, ByteBufUtil.writeUtf8(channel.alloc(), json));
    HttpHeaders headers = response.headers();
    headers.set(HttpHeaderNames.CONTENT_TYPE, "application/json");
    headers.set(HttpHeaderNames.CONTENT_LENGTH, response.content().readableBytes());
    headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    headers.set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE);
    if (status.equals(HttpResponseStatus.SERVICE_UNAVAILABLE)) {
      headers.set(HttpHeaderNames.RETRY_AFTER, RETRY_AFTER_SECONDS);
    }
    if (origin != null) {
      // Lets a page read the status; it gives away nothing that another origin may not know.
      headers.set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, origin);
      headers.set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_CREDENTIALS, "true");
    }
    channel.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
  }
}
