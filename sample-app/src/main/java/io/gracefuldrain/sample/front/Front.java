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
 * A TCP forwarder that stands in for a Kubernetes Service. New connections go to servers that
 * answer ready, established ones stay, and a source address keeps its server for as long as that is
 * ready. It knows nothing of the protocols it carries. Thread-safe.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a closed channel needs nothing more
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
   * @param journal told each change of readiness, and each connection that cannot be forwarded
   */
  public Front(List<PodAddress> addresses, Duration affinity, Consumer<String> journal) {
    this.backends =
        addresses.stream().collect(Collectors.toUnmodifiableMap(Function.identity(), Backend::new));
    this.affinity = new Affinity<>(affinity);
    this.journal = journal;
    this.readiness = new Readiness(addresses.stream().map(this::backend).toList(), journal);
  }

  private Backend backend(PodAddress address) {
    return Objects.requireNonNull(backends.get(address));
  }

  /**
   * Begins to forward.
   *
   * @return the port in use
   * @throws Exception if it cannot listen on the port
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
   * @param address one of the front's servers
   */
  public boolean ready(PodAddress address) {
    return backend(address).ready();
  }

  /**
   * Takes a server out whatever its probe says, as the deletion of a pod does. Established
   * connections stay. When all servers are withdrawn or not ready, any that accepts is still used.
   *
   * @param address one of the front's servers
   */
  public void withdraw(PodAddress address) {
    backend(address).withdrawn(true);
  }

  /** Takes {@link #withdraw} back: another server will come there. */
  public void admit(PodAddress address) {
    backend(address).withdrawn(false);
  }

  private void forward(SocketChannel client, InetAddress source, Iterator<PodAddress> order) {
    if (!order.hasNext()) {
      journal.accept(
          "no server accepts: a connection from " + source.getHostAddress() + " is closed");
      client.close();
      return;
    }
    PodAddress address = order.next();
    Backend backend = backend(address);
    // It counts as soon as it is attempted, so that connections that come at the same time are
    // spread.
    affinity.remember(source, address, System.nanoTime());
    backend.opened();
    ChannelFuture connecting =
        Sockets.connect(
            client,
            InetSocketAddress.createUnresolved(address.host(), address.port()),
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
