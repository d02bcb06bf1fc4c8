package io.gracefuldrain.lab.local;

import io.gracefuldrain.lab.tcp.Relay;
import io.gracefuldrain.lab.tcp.Sockets;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * A proxy in a pod, such as a mesh's sidecar: it carries all connections of the pod's clients. When
 * it ends they break, and new ones are refused, whatever the server does. Thread-safe.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a closed channel needs nothing more
final class Sidecar implements AutoCloseable {
  private static final int CONNECT_TIMEOUT_MILLIS = 5_000;

  private final int port;
  private final int podPort;
  private final EventLoopGroup loop;
  // It closes what comes after the end, too: a connection may be accepted in that moment.
  private final ChannelGroup channels = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);

  /**
   * @param port where it listens, at 127.0.0.1
   * @param podPort where the pod's server does
   */
  Sidecar(String pod, int port, int podPort) {
    this.port = port;
    this.podPort = podPort;
    this.loop = new NioEventLoopGroup(1, new DefaultThreadFactory("lab-sidecar-" + pod, true));
  }

  /** Begins to carry connections. */
  void start() {
    channels.add(
        Sockets.listen(loop, loop, address(port), this::arrived).syncUninterruptibly().channel());
  }

  private static InetSocketAddress address(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  int port() {
    return port;
  }

  private void arrived(SocketChannel client) {
    channels.add(client);
    ChannelFuture connecting = Sockets.connect(client, address(podPort), CONNECT_TIMEOUT_MILLIS);
    channels.add(connecting.channel());
    connecting.addListener(
        connected -> {
          if (connected.isSuccess()) {
            Relay.join(client, (DuplexChannel) connecting.channel());
          } else {
            reset(client);
          }
        });
  }

  /** As a proxy does whose server is not there. */
  private static void reset(SocketChannel client) {
    client.config().setSoLinger(0);
    client.close();
  }

  /**
   * Ends after a while.
   *
   * @param ended is run when it has
   */
  void endAfter(Duration delay, Runnable ended) {
    loop.schedule(
        () -> channels.close().addListener(all -> ended.run()),
        delay.toMillis(),
        TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    channels.close();
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }
}
