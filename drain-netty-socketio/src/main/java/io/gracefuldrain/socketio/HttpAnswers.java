package io.gracefuldrain.socketio;

import com.corundumstudio.socketio.Configuration;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import org.jspecify.annotations.Nullable;

/**
 * The answers that the adapter gives instead of netty-socketio, with the CORS headers of the
 * server's configuration. Each ends its connection. Immutable.
 *
 * @param cors whether pages of other origins may read answers
 * @param allowedOrigin the only origin that may read them; null for any
 * @param allowedHeaders the headers that a page's request may have besides a content type
 */
record HttpAnswers(boolean cors, @Nullable String allowedOrigin, @Nullable String allowedHeaders) {
  /** Engine.IO's answer for a session that it does not know. Every client then begins a new one. */
  private static final String UNKNOWN_SESSION = "{\"code\":1,\"message\":\"Session ID unknown\"}";

  private static final String BAD_HANDSHAKE_METHOD =
      "{\"code\":2,\"message\":\"Bad handshake method\"}";

  private static final String BAD_REQUEST = "{\"code\":3,\"message\":\"Bad request\"}";

  // Proxies read it. Socket.IO clients do not: they have a back-off of their own.
  private static final String RETRY_AFTER_SECONDS = "1";

  static HttpAnswers of(Configuration configuration) {
    return new HttpAnswers(
        configuration.isEnableCors(), configuration.getOrigin(), configuration.getAllowHeaders());
  }

  void unknownSession(Channel channel, @Nullable String origin) {
    answer(channel, HttpResponseStatus.BAD_REQUEST, UNKNOWN_SESSION, origin);
  }

  void badHandshakeMethod(Channel channel, @Nullable String origin) {
    answer(channel, HttpResponseStatus.BAD_REQUEST, BAD_HANDSHAKE_METHOD, origin);
  }

  void badRequest(Channel channel, @Nullable String origin) {
    answer(channel, HttpResponseStatus.BAD_REQUEST, BAD_REQUEST, origin);
  }

  void handshakeFailed(Channel channel, @Nullable String origin) {
    String body = "{\"message\":\"handshake failed\"}";
    answer(channel, HttpResponseStatus.INTERNAL_SERVER_ERROR, body, origin);
  }

  void refuseHandshake(Channel channel, @Nullable String origin) {
    answer(channel, HttpResponseStatus.SERVICE_UNAVAILABLE, "{\"message\":\"draining\"}", origin);
  }

  /** Allows a browser to send its request. The answer to that request is decided later. */
  void preflight(Channel channel, @Nullable String origin) {
    FullHttpResponse response = response(channel, HttpResponseStatus.OK, "", origin);
    if (cors) {
      HttpHeaders headers = response.headers();
      headers.set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_METHODS, "GET, POST");
      headers.set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_HEADERS, HttpHeaderNames.CONTENT_TYPE);
      if (allowedHeaders != null) {
        headers.add(HttpHeaderNames.ACCESS_CONTROL_ALLOW_HEADERS, allowedHeaders);
      }
    }
    channel.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
  }

  private void answer(
      Channel channel, HttpResponseStatus status, String json, @Nullable String origin) {
    FullHttpResponse response = response(channel, status, json, origin);
    response.headers().set(HttpHeaderNames.CONTENT_TYPE, "application/json");
    channel.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
  }

  /** Whether the end of an answer's body is the end of its connection. */
  static boolean endsByClose(HttpResponse response) {
    return response.status().code() >= 200
        && !response.status().equals(HttpResponseStatus.NO_CONTENT)
        && !response.status().equals(HttpResponseStatus.NOT_MODIFIED)
        && !HttpUtil.isContentLengthSet(response)
        && !HttpUtil.isTransferEncodingChunked(response);
  }

  private FullHttpResponse response(
      Channel channel, HttpResponseStatus status, String body, @Nullable String origin) {
    FullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1, status, ByteBufUtil.writeUtf8(channel.alloc(), body));
    HttpHeaders headers = response.headers();
    headers.set(HttpHeaderNames.CONTENT_LENGTH, response.content().readableBytes());
    headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    headers.set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE);
    if (status.equals(HttpResponseStatus.SERVICE_UNAVAILABLE)) {
      headers.set(HttpHeaderNames.RETRY_AFTER, RETRY_AFTER_SECONDS);
    }
    String readers = allowedOrigin != null ? allowedOrigin : origin;
    if (cors && readers != null) {
      headers.set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, readers);
      headers.set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_CREDENTIALS, "true");
    }
    return response;
  }
}
