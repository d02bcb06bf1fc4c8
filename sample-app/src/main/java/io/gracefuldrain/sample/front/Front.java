package io.gracefuldrain.sample.front;

import io.gracefuldrain.lab.tcp.Affinity;
import io.gracefuldrain.lab.tcp.Relay;
import io.gracefuldrain.lab.tcp.Sockets;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A TCP forwarder that stands in for a Kubernetes Service: new connections go to servers that
 * answer ready, established ones stay where they are, and a source address stays with its server as
 * long as that is ready. It knows nothing of the protocols it carries. Thread-safe.
 */
@SuppressWarnings("FutureReturnValueIgnored") // what is closed needs no more of us
public final class Front implements AutoCloseable {
  private static final int CONNECT_TIMEOUT_MILLIS = 1_000;

  private final Map<PodAddress, Backend> backends;
  private final Affinity<PodAddress> affinity;
  private final Readiness readiness;
  private final EventLoopGroup acceptor =
      new NioEventLoopGroup(1, new DefaultThreadFactory("front-accept"));
  private final EventLoopGroup workers =
      new NioEventLoopGroup(2, new DefaultThreadFactory("front-relay"));
  private final Consumer<String> journal;

  /**
   * @param journal told each change of who is ready, and what could not be forwarded
   */
  public Front(List<PodAddress> targets, Duration affinity, Consumer<String> journal) {
    this.backends =
        targets.stream().collect(Collectors.toUnmodifiableMap(Function.identity(), Backend::new));
    this.affinity = new Affinity<>(affinity);
    this.journal = journal;
    this.readiness = new Readiness(targets.stream().map(this::backend).toList(), journal);
  }

  private Backend backend(PodAddress target) {
    return Objects.requireNonNull(backends.get(target));
  }

  /**
   * Begins to forward.
   *
   * @return the port it listens on
   * @throws Exception if the port cannot be had
   */
  public int start(int port) throws Exception {
    Channel listener =
        Sockets.listen(acceptor, workers, new InetSocketAddress(port), this::arrived)
            .sync()
            .channel();
    readiness.start();
    return ((InetSocketAddress) listener.localAddress()).getPort();
  }

  private void arrived(SocketChannel client) {
    InetAddress source = client.remoteAddress().getAddress();
    List<Balancer.Candidate> candidates =
        readiness.backends().stream().map(Backend::candidate).toList();
    forward(
        client,
        source,
        Balancer.order(candidates, affinity.of(source, System.nanoTime())).iterator());
  }

  /**
   * Whether new connections go to that server: its probe is good, and it is not withdrawn.
   *
   * @param target one of those that were given
   */
  public boolean ready(PodAddress target) {
    return backend(target).ready();
  }

  /**
   * Takes a server out whatever its probe says, as the deletion of a pod does; established
   * connections stay. Where all are withdrawn or not ready, any that accepts is still used.
   *
   * @param target one of those that were given
   */
  public void withdraw(PodAddress target) {
    backend(target).withdrawn(true);
  }

  /** Takes {@link #withdraw} back: another server is to come there. */
  public void admit(PodAddress target) {
    backend(target).withdrawn(false);
  }

  private void forward(SocketChannel client, InetAddress source, Iterator<PodAddress> order) {
    if (!order.hasNext()) {
      journal.accept(
          "no server accepts: a connection from " + source.getHostAddress() + " is closed");
      client.close();
      return;
    }
    PodAddress target = order.next();
    Backend backend = backend(target);
    // From the attempt on, so that those who come at the same time know of each other.
    affinity.remember(source, target, System.nanoTime());
    backend.opened();
    ChannelFuture connecting =
        Sockets.connect(
            client,
            InetSocketAddress.createUnresolved(target.host(), target.port()),
            CONNECT_TIMEOUT_MILLIS);
    connecting.channel().closeFuture().addListener(closed -> backend.closed());
    connecting.addListener(
        connected -> {
          if (connected.isSuccess()) {
            Relay.join(client, (DuplexChannel) connecting.channel());
          } else {
            forward(client, source, order);
          }
        });
  }

  @Override
  public void close() {
    readiness.close();
    acceptor.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    workers.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }
}
