package io.gracefuldrain.sample.page;

import com.corundumstudio.socketio.Configuration;
import io.gracefuldrain.sample.page.PageFiles.PageFile;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.QueryStringDecoder;
import org.jspecify.annotations.Nullable;

/**
 * Answers what is not for Socket.IO: requests for the files of the page, and what the page asks of
 * the demo. Socket.IO's own requests pass.
 */
@Sharable
public final class PageHandler extends ChannelInboundHandlerAdapter {
  private static final String SECURITY_POLICY =
      "default-src 'self'; connect-src 'self' ws: wss:; base-uri 'none'; frame-ancestors 'none'";

  private final PageFiles files;
  private final DemoLink demo;
  private final String socketPath;

  private PageHandler(PageFiles files, DemoLink demo, String socketPath) {
    this.files = files;
    this.demo = demo;
    this.socketPath = socketPath;
  }

  /**
   * The page of a server.
   *
   * @param server says where Socket.IO's requests go
   */
  public static PageHandler of(Configuration server, DemoLink demo) {
    return new PageHandler(PageFiles.load(), demo, server.getContext() + "/");
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
    HttpAnswer.send(ctx, answer);
  }

  @SuppressWarnings("FutureReturnValueIgnored") // DemoLink answers failures, too
  private void askDemo(ChannelHandlerContext ctx, FullHttpRequest request) {
    String path = new QueryStringDecoder(request.uri()).rawPath();
    String method = request.method().name();
    String asked = request.headers().get(DemoLink.HEADER);
    request.release();
    demo.ask(method, path, asked)
        .thenAccept(
            given -> {
              FullHttpResponse answer =
                  HttpAnswer.json(HttpResponseStatus.valueOf(given.status()), given.json());
              answer.headers().set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE);
              HttpAnswer.send(ctx, answer);
            });
  }

  private @Nullable FullHttpResponse answer(FullHttpRequest request) {
    try {
      String path = new QueryStringDecoder(request.uri()).path();
      return path.startsWith(socketPath) ? null : file(request, path);
    } catch (IllegalArgumentException e) {
      return HttpAnswer.text(HttpResponseStatus.BAD_REQUEST, "request: " + e.getMessage());
    }
  }

  private FullHttpResponse file(FullHttpRequest request, String path) {
    PageFile file = files.find(path);
    if (file == null) {
      return HttpAnswer.text(
          HttpResponseStatus.NOT_FOUND, path + ": there is no such page (expected: /)");
    }
    boolean head = request.method().equals(HttpMethod.HEAD);
    if (!head && !request.method().equals(HttpMethod.GET)) {
      FullHttpResponse answer =
          HttpAnswer.text(
              HttpResponseStatus.METHOD_NOT_ALLOWED,
              request.method() + ": not for " + path + " (expected: GET or HEAD)");
      answer.headers().set(HttpHeaderNames.ALLOW, "GET, HEAD");
      return answer;
    }
    String known = request.headers().get(HttpHeaderNames.IF_NONE_MATCH);
    boolean unchanged = known != null && known.contains(file.etag());
    FullHttpResponse answer =
        HttpAnswer.of(
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
}
