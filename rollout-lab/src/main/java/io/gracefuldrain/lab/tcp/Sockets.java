package io.gracefuldrain.lab.tcp;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetSocketAddress;
import java.util.function.Consumer;

/**
 * Makes sockets as {@link Relay} needs them: they read only when told, and when one direction ends
 * the other stays open.
 */
public final class Sockets {
  private Sockets() {}

  /**
   * Begins to listen.
   *
   * @param arrived is given each connection, on its event loop
   */
  public static ChannelFuture listen(
      EventLoopGroup acceptor,
      EventLoopGroup workers,
      InetSocketAddress address,
      Consumer<SocketChannel> arrived) {
    return new ServerBootstrap()
        .group(acceptor, workers)
        .channel(NioServerSocketChannel.class)
        .childOption(ChannelOption.AUTO_READ, false)
        .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
        .childOption(ChannelOption.TCP_NODELAY, true)
        .childOption(ChannelOption.SO_KEEPALIVE, true)
        .childHandler(
            new ChannelInitializer<SocketChannel>() {
              @Override
              protected void initChannel(SocketChannel client) {
                client.pipeline().addLast(new Arrival(arrived));
              }
            })
        .bind(address);
  }

  /** Connects to the target of a client's connection, on that client's event loop. */
  public static ChannelFuture connect(
      SocketChannel client, InetSocketAddress address, int timeoutMillis) {
    return new Bootstrap()
        .group(client.eventLoop())
        .channel(NioSocketChannel.class)
        .option(ChannelOption.AUTO_READ, false)
        .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
        .option(ChannelOption.TCP_NODELAY, true)
        .option(ChannelOption.SO_KEEPALIVE, true)
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, timeoutMillis)
        .handler(new ChannelInboundHandlerAdapter())
        .connect(address);
  }

  /** A new connection, until it is joined with one to a server. */
  private static final class Arrival extends ChannelInboundHandlerAdapter {
    private final Consumer<SocketChannel> arrived;

    Arrival(Consumer<SocketChannel> arrived) {
      this.arrived = arrived;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
      arrived.accept((SocketChannel) ctx.channel());
    }
  }
}
