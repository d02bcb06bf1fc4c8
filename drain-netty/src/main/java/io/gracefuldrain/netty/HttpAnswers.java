package io.gracefuldrain.netty;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;

/** HTTP answers that end their connection. Stateless. */
public final class HttpAnswers {
  // Proxies read it; most clients of WebSockets do not.
  private static final String RETRY_AFTER_SECONDS = "1";

  private HttpAnswers() {}

  /** The answer to a client that is to connect elsewhere: 503 with {@code Retry-After}. */
  public static FullHttpResponse unavailable(ByteBufAllocator allocator) {
    FullHttpResponse response =
        last(allocator, HttpResponseStatus.SERVICE_UNAVAILABLE, "{\"message\":\"draining\"}");
    response.headers().set(HttpHeaderNames.RETRY_AFTER, RETRY_AFTER_SECONDS);
    return response;
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
