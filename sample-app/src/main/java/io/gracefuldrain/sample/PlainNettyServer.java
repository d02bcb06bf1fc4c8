package io.gracefuldrain.sample;

import io.gracefuldrain.ConnectionHandle;
import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.DrainPolicy;
import io.gracefuldrain.ReconnectHint;
import io.gracefuldrain.http.DrainHttpServer;
import io.gracefuldrain.netty.NettyDrain;
import io.gracefuldrain.signal.DrainSignals;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * A WebSocket server on plain Netty that drains, for a user to copy. Clients connect to {@code /ws}
 * and send orders; one that connects with {@code ?drain=1} is told in JSON when to connect
 * elsewhere, and answers {@code heard}. End it with {@code kill -TERM}.
 */
public final class PlainNettyServer extends ChannelInitializer<SocketChannel> {
  private static final Executor KITCHEN = CompletableFuture.delayedExecutor(2, TimeUnit.SECONDS);

  private final NettyDrain drain;

  private PlainNettyServer(DrainCoordinator coordinator) {
    drain =
        NettyDrain.of(coordinator)
            .hinting(request -> request.uri().contains("drain=1"), PlainNettyServer::sayHint);
  }

  /** Serves clients on port 3000. */
  public static void main(String[] args) {
    NioEventLoopGroup loops = new NioEventLoopGroup();
    try {
      DrainCoordinator coordinator = DrainCoordinator.create(DrainPolicy.fromEnvironment());
      DrainHttpServer.start(coordinator, 8081); // probes, hooks, status
      DrainSignals.install(
          coordinator,
          () -> loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).syncUninterruptibly());
      new ServerBootstrap()
          .group(loops)
          .channel(NioServerSocketChannel.class)
          .childHandler(new PlainNettyServer(coordinator))
          .bind(3000)
          .sync();
      coordinator.started(); // ready from here on
    } catch (Exception e) {
      e.printStackTrace();
      System.exit(1); // threads that run already would keep the process alive
    }
  }

  @Override
  protected void initChannel(SocketChannel channel) {
    channel
        .pipeline()
        .addLast(
            new HttpServerCodec(),
            new HttpObjectAggregator(65536),
            drain.handler(),
            new WebSocketServerProtocolHandler("/ws", true), // with any query
            new Orders());
  }

  private static void sayHint(Channel client, ReconnectHint hint) {
    String json = "{\"type\":\"reconnect\",\"graceMs\":%d,\"ticket\":\"%s\"}";
    say(client, json.formatted(hint.grace().toMillis(), hint.ticket()));
  }

  private static void say(Channel client, String text) {
    var unused = client.writeAndFlush(new TextWebSocketFrame(text));
  }

  private static final class Orders extends SimpleChannelInboundHandler<TextWebSocketFrame> {
    @Override
    protected void channelRead0(ChannelHandlerContext ctx, TextWebSocketFrame frame) {
      ConnectionHandle client = NettyDrain.connection(ctx.channel());
      String order = frame.text();
      if (order.equals("heard")) {
        client.heard();
        return;
      }
      client
          .wrap("order", KITCHEN) // keeps the client until its order is served
          .execute(() -> say(ctx.channel(), order + " is served"));
    }
  }
}
