package io.gracefuldrain.sample.lab;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/**
 * A Socket.IO server over WebSocket for one client. It answers each CONNECT as it is told, and ends
 * all connections but the last.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a closed channel needs nothing more
final class ScriptedServer implements AutoCloseable {
  private final EventLoopGroup loop =
      new NioEventLoopGroup(1, new DefaultThreadFactory("scripted", true));
  private final List<List<String>> story;
  private final List<String> connects = new CopyOnWriteArrayList<>();
  private final int port;

  ScriptedServer(List<List<String>> story) {
    this.story = story;
    Channel listener =
        new ServerBootstrap()
            .group(loop)
            .channel(NioServerSocketChannel.class)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel client) {
                    client
                        .pipeline()
                        .addLast(new HttpServerCodec())
                        .addLast(new HttpObjectAggregator(1 << 16))
                        .addLast(
                            new WebSocketServerProtocolHandler(
                                WebSocketServerProtocolConfig.newBuilder()
                                    .websocketPath("/socket.io/")
                                    .checkStartsWith(true)
                                    .build()))
                        .addLast(new Session());
                  }
                })
            .bind(InetAddress.getLoopbackAddress(), 0)
            .syncUninterruptibly()
            .channel();
    port = ((InetSocketAddress) listener.localAddress()).getPort();
  }

  String url() {
    return "http://127.0.0.1:" + port;
  }

  /** The CONNECT packets that have come. */
  List<String> connects() {
    return List.copyOf(connects);
  }

  private final class Session extends SimpleChannelInboundHandler<TextWebSocketFrame> {
    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
      if (event instanceof WebSocketServerProtocolHandler.HandshakeComplete) {
        say(
            context,
            "0{\"sid\":\"e"
                + connects.size()
                + "\",\"upgrades\":[],\"pingInterval\":25000,\"pingTimeout\":20000,"
                + "\"maxPayload\":100000}");
      }
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, TextWebSocketFrame frame) {
      String packet = frame.text();
      if (!packet.startsWith("40")) {
        return;
      }
      int number = connects.size();
      connects.add(packet);
      if (number < story.size()) {
        story.get(number).forEach(each -> say(context, each));
      }
      if (number < story.size() - 1) {
        // Without a reset: what was sent to a client that sends meanwhile would be lost.
        context
            .writeAndFlush(Unpooled.EMPTY_BUFFER)
            .addListener(written -> ((SocketChannel) context.channel()).shutdownOutput());
      }
    }

    private static void say(ChannelHandlerContext context, String packet) {
      context.writeAndFlush(new TextWebSocketFrame(packet));
    }
  }

  @Override
  public void close() {
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }
}
