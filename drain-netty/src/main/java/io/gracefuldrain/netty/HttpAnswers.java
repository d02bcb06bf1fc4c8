package io.gracefuldrain.netty;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;

/** HTTP answers that end their connection. Stateless. */
public final class HttpAnswers {
  // Proxies read it; most clients of WebSockets do not.
  private static final String RETRY_AFTER_SECONDS = "1";

  private static final String WEB_SOCKET_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

  // Its reserved bits are set, which nobody has agreed on.
  private static final byte[] UNREADABLE_FRAME = {(byte) 0xf1, 0};

  private HttpAnswers() {}

  /** The answer to a client that is to connect elsewhere: 503 with {@code Retry-After}. */
  public static FullHttpResponse unavailable(ByteBufAllocator allocator) {
    FullHttpResponse response =
        last(allocator, HttpResponseStatus.SERVICE_UNAVAILABLE, "{\"message\":\"draining\"}");
    response.headers().set(HttpHeaderNames.RETRY_AFTER, RETRY_AFTER_SECONDS);
    return response;
  }

  /**
   * The answer to a handshake that is refused. It expires the cookies that would lead the client
   * here again.
   *
   * <p>It is {@link #unavailable}, except for a WebSocket whose request has one of the cookies:
   * browsers take no cookie from a WebSocket that was refused. That one is opened, with the expired
   * cookie, and fails in the same moment by a frame that no client can read. To the client's
   * application both are an error of the connection.
   *
   * @param affinityCookies the names of the cookies
   */
  public static FullHttpResponse refusal(
      ByteBufAllocator allocator, HttpRequest handshake, Collection<String> affinityCookies) {
    String key = handshake.headers().get(HttpHeaderNames.SEC_WEBSOCKET_KEY);
    FullHttpResponse answer =
        key != null && hasAny(handshake, affinityCookies)
            ? failingUpgrade(allocator, key)
            : unavailable(allocator);
    return expiring(answer, affinityCookies);
  }

  private static boolean hasAny(HttpRequest request, Collection<String> cookies) {
    return request.headers().getAll(HttpHeaderNames.COOKIE).stream()
        .flatMap(header -> Arrays.stream(header.split(";", -1)))
        .anyMatch(cookie -> cookies.contains(cookie.split("=", 2)[0].trim()));
  }

  private static FullHttpResponse failingUpgrade(ByteBufAllocator allocator, String key) {
    FullHttpResponse answer =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            HttpResponseStatus.SWITCHING_PROTOCOLS,
            allocator.buffer(UNREADABLE_FRAME.length).writeBytes(UNREADABLE_FRAME));
    answer
        .headers()
        .set(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET)
        .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE)
        .set(HttpHeaderNames.SEC_WEBSOCKET_ACCEPT, accepted(key));
    return answer;
  }

  private static String accepted(String key) {
    try {
      byte[] text = (key + WEB_SOCKET_GUID).getBytes(StandardCharsets.ISO_8859_1);
      return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-1").digest(text));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has it", e);
    }
  }

  /**
   * Expires the cookies that lead a client to this pod, so that a browser's next request may go to
   * another one. Cookies of another path than {@code /} stay.
   *
   * @param names their names
   * @return the answer
   */
  public static FullHttpResponse expiring(FullHttpResponse answer, Collection<String> names) {
    for (String name : names) {
      answer.headers().add(HttpHeaderNames.SET_COOKIE, name + "=; Max-Age=0; Path=/");
    }
    return answer;
  }

  /**
   * An answer that says that it is the last of its connection, and that nobody may keep it.
   *
   * @param json the body; empty for none
   */
  public static FullHttpResponse last(
      ByteBufAllocator allocator, HttpResponseStatus status, String json) {
    FullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1, status, ByteBufUtil.writeUtf8(allocator, json));
    response
        .headers()
        .set(HttpHeaderNames.CONTENT_LENGTH, response.content().readableBytes())
        .set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE);
    if (!json.isEmpty()) {
      response.headers().set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON);
    }
    sayLast(response);
    return response;
  }

  /** Says in an answer that it is the last of its connection. */
  public static void sayLast(HttpResponse response) {
    response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
  }

  /**
   * Ends the connection when an answer has been written.
   *
   * @return the promise to write the end of the answer with; not always the given one, since a void
   *     promise takes no listener
   */
  public static ChannelPromise closeAfter(ChannelPromise promise) {
    return promise.unvoid().addListener(ChannelFutureListener.CLOSE);
  }
}
