package io.gracefuldrain.sample.handover;

import io.gracefuldrain.lab.tcp.Relay;
import io.gracefuldrain.lab.tcp.Sockets;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/**
 * The Service of these tests: new connections go to the pod that it leads to, or are refused. Those
 * that are there stay where they are.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a closed channel needs nothing more
final class Door implements AutoCloseable {
  private static final int NOWHERE = 0;

  private final EventLoopGroup loop =
      new NioEventLoopGroup(1, new DefaultThreadFactory("door", true));
  private final int port;
  private volatile int target = NOWHERE;

  Door() {
    port =
        ((InetSocketAddress)
                Sockets.listen(loop, loop, at(0), this::arrived)
                    .syncUninterruptibly()
                    .channel()
                    .localAddress())
            .getPort();
  }

  private static InetSocketAddress at(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  String url() {
    return "http://127.0.0.1:" + port;
  }

  int port() {
    return port;
  }

  /** New connections go there from now on. */
  Door leadTo(KeyedPod pod) {
    target = pod.port();
    return this;
  }

  /** New connections are refused from now on. */
  void shut() {
    target = NOWHERE;
  }

  private void arrived(SocketChannel client) {
    if (target == NOWHERE) {
      refuse(client);
      return;
    }
    Sockets.connect(client, at(target), 5_000)
        .addListener(
            (ChannelFuture connected) -> {
              if (connected.isSuccess()) {
                Relay.join(client, (DuplexChannel) connected.channel());
              } else {
                refuse(client);
              }
            });
  }

  private static void refuse(SocketChannel client) {
    client.config().setSoLinger(0);
    client.close();
  }

  @Override
  public void close() {
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }
}
