package io.gracefuldrain.lab.lean;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** One HTTP request over its own connection. It ends in one call: answered or failed. */
@SuppressWarnings("FutureReturnValueIgnored") // a close that fails leaves nothing to do
final class OneRequest extends SimpleChannelInboundHandler<FullHttpResponse> {
  private static final int MOST_BYTES = 4 << 20;

  private final FullHttpRequest request;
  private final Consumer<String> answered;
  private final Runnable failed;
  private boolean over;

  private OneRequest(FullHttpRequest request, Consumer<String> answered, Runnable failed) {
    this.request = request;
    this.answered = answered;
    this.failed = failed;
  }

  /**
   * Sends a request.
   *
   * @param answered is given the body of a 200
   * @param failed is called for every other end, also when the caller closes the channel
   */
  static Channel send(
      Bootstrap bootstrap,
      String host,
      HttpMethod method,
      String path,
      String body,
      Consumer<String> answered,
      Runnable failed) {
    FullHttpRequest request =
        new DefaultFullHttpRequest(
            HttpVersion.HTTP_1_1,
            method,
            path,
            Unpooled.copiedBuffer(body, StandardCharsets.UTF_8));
    request
        .headers()
        .set(HttpHeaderNames.HOST, host)
        .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    if (method.equals(HttpMethod.POST)) {
      request
          .headers()
          .set(HttpHeaderNames.CONTENT_TYPE, "text/plain;charset=UTF-8")
          .setInt(HttpHeaderNames.CONTENT_LENGTH, request.content().readableBytes());
    }
    OneRequest call = new OneRequest(request, answered, failed);
    ChannelFuture connecting =
        bootstrap
            .clone()
            .handler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    channel
                        .pipeline()
                        .addLast(new HttpClientCodec())
                        .addLast(new HttpObjectAggregator(MOST_BYTES))
                        .addLast(call);
                  }
                })
            .connect();
    connecting.addListener(
        done -> {
          if (!done.isSuccess()) {
            call.fail();
          }
        });
    return connecting.channel();
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    context.writeAndFlush(request).addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, FullHttpResponse response) {
    String body = response.content().toString(StandardCharsets.UTF_8);
    boolean first = !over;
    over = true;
    context.close();
    if (!first) {
      return;
    }
    if (!response.status().equals(HttpResponseStatus.OK)) {
      failed.run();
    } else {
      answered.accept(body);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    fail();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    context.close();
    fail();
  }

  private void fail() {
    if (!over) {
      over = true;
      failed.run();
    }
  }
}
