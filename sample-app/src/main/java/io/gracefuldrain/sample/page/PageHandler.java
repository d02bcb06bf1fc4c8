package io.gracefuldrain.sample.page;

import com.fasterxml.jackson.databind.node.TextNode;
import io.gracefuldrain.sample.page.PageFiles.PageFile;
import io.gracefuldrain.sample.server.Events;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Answers what is not Socket.IO's: the files of the page, and what it asks of the demo. Of
 * Socket.IO's own requests it refuses handshakes that ask for a feed which does not exist, and lets
 * all others pass.
 *
 * <p>Each answer closes its connection: netty-socketio closes, after a few seconds, those that
 * brought it no request of its own, and a browser must not be told to keep one that is about to
 * close.
 */
@Sharable
@SuppressWarnings("FutureReturnValueIgnored") // an answer that cannot be sent ends the channel
public final class PageHandler extends ChannelInboundHandlerAdapter {
  private static final String SECURITY_POLICY =
      "default-src 'self'; connect-src 'self' ws: wss:; base-uri 'none'; frame-ancestors 'none'";

  private final PageFiles files;
  private final DemoLink demo;
  private final String socketPath;

  /**
   * @param socketPath where Socket.IO's requests go, with a slash at its end
   */
  public PageHandler(PageFiles files, DemoLink demo, String socketPath) {
    this.files = files;
    this.demo = demo;
    this.socketPath = socketPath;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (!(message instanceof FullHttpRequest request)) {
      ctx.fireChannelRead(message);
      return;
    }
    if (request.uri().startsWith(DemoLink.PATH)) {
      askDemo(ctx, request);
      return;
    }
    FullHttpResponse answer = answer(request);
    if (answer == null) {
      ctx.fireChannelRead(request);
      return;
    }
    request.release();
    send(ctx, answer);
  }

  private static void send(ChannelHandlerContext ctx, FullHttpResponse answer) {
    answer.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    ctx.writeAndFlush(answer).addListener(ChannelFutureListener.CLOSE);
  }

  private void askDemo(ChannelHandlerContext ctx, FullHttpRequest request) {
    String path = new QueryStringDecoder(request.uri()).rawPath();
    String method = request.method().name();
    String asked = request.headers().get(DemoLink.HEADER);
    request.release();
    demo.ask(method, path, asked)
        .thenAccept(
            given -> {
              FullHttpResponse answer =
                  answer(
                      HttpResponseStatus.valueOf(given.status()),
                      "application/json",
                      Unpooled.copiedBuffer(given.json(), StandardCharsets.UTF_8));
              answer.headers().set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE);
              send(ctx, answer);
            });
  }

  private @Nullable FullHttpResponse answer(FullHttpRequest request) {
    QueryStringDecoder uri = new QueryStringDecoder(request.uri());
    try {
      String path = uri.path();
      if (path.startsWith(socketPath)) {
        return path.equals(socketPath) ? refusal(uri) : null;
      }
      return file(request, path);
    } catch (IllegalArgumentException e) {
      return text(HttpResponseStatus.BAD_REQUEST, "request: " + e.getMessage());
    }
  }

  /** As Engine.IO answers a bad request. */
  private static @Nullable FullHttpResponse refusal(QueryStringDecoder uri) {
    List<String> feedMs = uri.parameters().get(Events.FEED_MS);
    if (feedMs == null || uri.parameters().containsKey("sid")) {
      return null;
    }
    try {
      Events.feedMs(feedMs.get(0));
      return null;
    } catch (IllegalArgumentException e) {
      TextNode reason = TextNode.valueOf(e.getMessage());
      return answer(
          HttpResponseStatus.BAD_REQUEST,
          "application/json",
          Unpooled.copiedBuffer("{\"code\":3,\"message\":" + reason + "}", StandardCharsets.UTF_8));
    }
  }

  private FullHttpResponse file(FullHttpRequest request, String path) {
    PageFile file = files.find(path);
    if (file == null) {
      return text(HttpResponseStatus.NOT_FOUND, path + ": there is no such page (expected: /)");
    }
    boolean head = request.method().equals(HttpMethod.HEAD);
    if (!head && !request.method().equals(HttpMethod.GET)) {
      FullHttpResponse answer =
          text(
              HttpResponseStatus.METHOD_NOT_ALLOWED,
              request.method() + ": not for " + path + " (expected: GET or HEAD)");
      answer.headers().set(HttpHeaderNames.ALLOW, "GET, HEAD");
      return answer;
    }
    String known = request.headers().get(HttpHeaderNames.IF_NONE_MATCH);
    boolean unchanged = known != null && known.contains(file.etag());
    FullHttpResponse answer =
        answer(
            unchanged ? HttpResponseStatus.NOT_MODIFIED : HttpResponseStatus.OK,
            file.type(),
            unchanged || head ? Unpooled.EMPTY_BUFFER : file.copy());
    if (head && !unchanged) {
      answer.headers().setInt(HttpHeaderNames.CONTENT_LENGTH, file.content().readableBytes());
    }
    answer.headers().set(HttpHeaderNames.ETAG, file.etag());
    // Two pods may have two versions of the page: a browser asks each time.
    answer.headers().set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_CACHE);
    answer.headers().set(HttpHeaderNames.CONTENT_SECURITY_POLICY, SECURITY_POLICY);
    return answer;
  }

  private static FullHttpResponse text(HttpResponseStatus status, String text) {
    return answer(
        status,
        "text/plain; charset=utf-8",
        Unpooled.copiedBuffer(text + "\n", StandardCharsets.UTF_8));
  }

  private static FullHttpResponse answer(HttpResponseStatus status, String type, ByteBuf content) {
    FullHttpResponse answer = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, content);
    answer.headers().set(HttpHeaderNames.CONTENT_TYPE, type);
    answer.headers().set("x-content-type-options", "nosniff");
    answer.headers().setInt(HttpHeaderNames.CONTENT_LENGTH, content.readableBytes());
    return answer;
  }
}
