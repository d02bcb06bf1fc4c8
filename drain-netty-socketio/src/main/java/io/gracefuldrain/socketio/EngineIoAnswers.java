package io.gracefuldrain.socketio;

import com.corundumstudio.socketio.Configuration;
import io.gracefuldrain.netty.HttpAnswers;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answers that the adapter gives instead of netty-socketio, with Engine.IO's bodies and the
 * CORS headers of the server's configuration. Each ends its connection. Immutable.
 *
 * @param cors whether pages of other origins may read answers
 * @param allowedOrigin the only origin that may read them; null for any
 * @param allowedHeaders the headers that a page's request may have besides a content type
 * @param affinityCookies the names of cookies that lead to this pod: who is sent elsewhere loses
 *     them
 */
record EngineIoAnswers(
    boolean cors,
    @Nullable String allowedOrigin,
    @Nullable String allowedHeaders,
    List<String> affinityCookies) {
  /** Engine.IO's answer for a session that it does not know. Every client then begins a new one. */
  private static final String UNKNOWN_SESSION = "{\"code\":1,\"message\":\"Session ID unknown\"}";

  private static final String BAD_HANDSHAKE_METHOD =
      "{\"code\":2,\"message\":\"Bad handshake method\"}";

  private static final String BAD_REQUEST = "{\"code\":3,\"message\":\"Bad request\"}";

  /** Those of a server that has not started. */
  static EngineIoAnswers none() {
    return new EngineIoAnswers(false, null, null, List.of());
  }

  static EngineIoAnswers of(Configuration configuration, List<String> affinityCookies) {
    return new EngineIoAnswers(
        configuration.isEnableCors(),
        configuration.getOrigin(),
        configuration.getAllowHeaders(),
        affinityCookies);
  }

  /** The client is to begin a new session, wherever that is. */
  void unknownSession(Channel channel, @Nullable String origin) {
    FullHttpResponse answer =
        HttpAnswers.last(channel.alloc(), HttpResponseStatus.BAD_REQUEST, UNKNOWN_SESSION);
    send(channel, HttpAnswers.expiring(answer, affinityCookies), origin);
  }

  /** An upload has arrived, as netty-socketio says it. */
  void uploaded(Channel channel, @Nullable String origin) {
    FullHttpResponse answer = HttpAnswers.last(channel.alloc(), HttpResponseStatus.OK, "ok");
    answer.headers().set(HttpHeaderNames.CONTENT_TYPE, "text/html");
    send(channel, answer, origin);
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

  void refuseHandshake(Channel channel, HttpRequest handshake, @Nullable String origin) {
    send(channel, HttpAnswers.refusal(channel.alloc(), handshake, affinityCookies), origin);
  }

  /** Allows a browser to send its request. The answer to that request is decided later. */
  void preflight(Channel channel, @Nullable String origin) {
    FullHttpResponse response = HttpAnswers.last(channel.alloc(), HttpResponseStatus.OK, "");
    if (cors) {
      HttpHeaders headers = response.headers();
      headers.set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_METHODS, "GET, POST");
      headers.set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_HEADERS, HttpHeaderNames.CONTENT_TYPE);
      if (allowedHeaders != null) {
        headers.add(HttpHeaderNames.ACCESS_CONTROL_ALLOW_HEADERS, allowedHeaders);
      }
    }
    send(channel, response, origin);
  }

  private void answer(
      Channel channel, HttpResponseStatus status, String json, @Nullable String origin) {
    send(channel, HttpAnswers.last(channel.alloc(), status, json), origin);
  }

  private void send(Channel channel, FullHttpResponse response, @Nullable String origin) {
    String readers = allowedOrigin != null ? allowedOrigin : origin;
    if (cors && readers != null) {
      HttpHeaders headers = response.headers();
      headers.set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, readers);
      headers.set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_CREDENTIALS, "true");
    }
    var unused = channel.writeAndFlush(response, HttpAnswers.closeAfter(channel.newPromise()));
  }

  /** Whether the end of an answer's body is the end of its connection. */
  static boolean endsByClose(HttpResponse response) {
    return response.status().code() >= 200
        && !response.status().equals(HttpResponseStatus.NO_CONTENT)
        && !response.status().equals(HttpResponseStatus.NOT_MODIFIED)
        && !HttpUtil.isContentLengthSet(response)
        && !HttpUtil.isTransferEncodingChunked(response);
  }
}
