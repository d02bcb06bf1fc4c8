package io.gracefuldrain.netty;

import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.contract.ContractApplication;
import io.gracefuldrain.contract.ContractServer;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** A plain Netty server of WebSockets at {@code /ws}; any other path is answered with a word. */
final class TestServer implements ContractServer {
  /** What a slow reader reads for a minute. */
  private static final String MUCH = "x".repeat(10_000_000);

  private final NioEventLoopGroup loops = new NioEventLoopGroup(2);
  private final Channel listener;

  TestServer(DrainCoordinator coordinator, ContractApplication application) {
    NettyDrain drain = NettyDrain.of(coordinator);
    listener =
        new ServerBootstrap()
            .group(loops)
            .channel(NioServerSocketChannel.class)
            .childOption(ChannelOption.SO_SNDBUF, 32 * 1024) // so that it sees what is read
            .childHandler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel channel) {
                    channel
                        .pipeline()
                        .addLast(
                            new HttpServerCodec(),
                            new HttpObjectAggregator(65536),
                            drain.handler(),
                            new WebSocketServerProtocolHandler("/ws"),
                            new Web(),
                            new App(application));
                  }
                })
            .bind("127.0.0.1", 0)
            .syncUninterruptibly()
            .channel();
  }

  int port() {
    return ((InetSocketAddress) listener.localAddress()).getPort();
  }

  @Override
  public TestClient connect() throws Exception {
    return TestClient.connect(port());
  }

  @Override
  public void close() {
    loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
  }

  /** Answers requests that open no WebSocket. */
  private static final class Web extends SimpleChannelInboundHandler<FullHttpRequest> {
    @Override
    protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
      FullHttpResponse response =
          new DefaultFullHttpResponse(
              HttpVersion.HTTP_1_1,
              HttpResponseStatus.OK,
              Unpooled.copiedBuffer("hello", StandardCharsets.UTF_8));
      response.headers().set(HttpHeaderNames.CONTENT_LENGTH, 5);
      var unused = ctx.writeAndFlush(response);
    }
  }

  /** Passes on what happens to the application of the contract. */
  private static final class App extends SimpleChannelInboundHandler<TextWebSocketFrame> {
    private final ContractApplication application;
    private boolean connected;

    App(ContractApplication application) {
      this.application = application;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
      if (event instanceof WebSocketServerProtocolHandler.HandshakeComplete) {
        connected = true;
        application.connected(NettyDrain.connection(ctx.channel()));
      }
      super.userEventTriggered(ctx, event);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, TextWebSocketFrame frame) {
      if (frame.text().equals("much")) {
        var unused = ctx.writeAndFlush(new TextWebSocketFrame(MUCH));
      } else {
        application.message(NettyDrain.connection(ctx.channel()));
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      if (connected) {
        application.disconnected();
      }
    }
  }
}
