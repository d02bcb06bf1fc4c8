package io.gracefuldrain.lab.local;

import io.gracefuldrain.lab.process.DaemonThreads;
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
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A Service with {@code sessionAffinity: ClientIP}, like the one of kube-proxy. Each new connection
 * goes to the last endpoint of its source, or else to a random one, and is refused if that refuses.
 * Established connections stay where they are. Each change of the EndpointSlice takes effect after
 * a delay. Thread-safe.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a closed channel needs nothing more
final class Service implements AutoCloseable {
  /** The default of Kubernetes. */
  private static final Duration AFFINITY = Duration.ofHours(3);

  private static final int CONNECT_TIMEOUT_MILLIS = 5_000;

  private final boolean publishNotReady;
  private final Consumer<List<Endpoint>> obeyed;
  private final Propagation propagation; // guarded by this
  private final Random choice; // guarded by its own lock
  private final Affinity<String> affinity = new Affinity<>(AFFINITY);
  private final AtomicInteger refused = new AtomicInteger();
  private final ScheduledExecutorService delays =
      Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("lab-propagation"));
  private final EventLoopGroup acceptor =
      new NioEventLoopGroup(1, new DefaultThreadFactory("lab-service-accept", true));
  private final EventLoopGroup workers =
      new NioEventLoopGroup(1, new DefaultThreadFactory("lab-service-relay", true));
  private long changes; // guarded by this
  private long obeyedChange; // of the thread of delays
  private volatile List<Endpoint> eligible = List.of();

  /**
   * @param obeyed is given the endpoints of new connections, whenever they change
   */
  Service(boolean publishNotReady, DelayRange delays, long seed, Consumer<List<Endpoint>> obeyed) {
    this.publishNotReady = publishNotReady;
    this.obeyed = obeyed;
    this.propagation = new Propagation(delays, new Random(seed));
    this.choice = new Random(seed + 1);
  }

  /**
   * Begins to forward.
   *
   * @return the port on which it listens, at 127.0.0.1
   */
  int start() throws InterruptedException {
    Channel listener =
        Sockets.listen(
                acceptor,
                workers,
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                this::arrived)
            .sync()
            .channel();
    return ((InetSocketAddress) listener.localAddress()).getPort();
  }

  /** The EndpointSlice has changed; this takes effect after a delay. */
  synchronized void changed(List<Endpoint> slice) {
    if (delays.isShutdown()) {
      return; // the last pods end after their Service
    }
    List<Endpoint> next = Endpoint.eligible(slice, publishNotReady);
    long change = ++changes;
    long now = TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    delays.schedule(
        () -> {
          if (change
              > obeyedChange) { // two changes due in the same millisecond may come in the wrong
            // order
            obeyedChange = change;
            eligible = next;
            obeyed.accept(next);
          }
        },
        propagation.dueMs(now) - now,
        TimeUnit.MILLISECONDS);
  }

  /** How many connections were refused: there was no endpoint, or it refused. */
  int refused() {
    return refused.get();
  }

  private void arrived(SocketChannel client) {
    Endpoint endpoint = choose(client.remoteAddress().getAddress());
    if (endpoint == null) {
      refuse(client);
    } else {
      forward(client, endpoint);
    }
  }

  private @Nullable Endpoint choose(InetAddress source) {
    List<Endpoint> among = eligible;
    if (among.isEmpty()) {
      return null;
    }
    long now = System.nanoTime();
    String own = affinity.of(source, now);
    Endpoint chosen =
        among.stream()
            .filter(endpoint -> endpoint.pod().equals(own))
            .findFirst()
            .orElseGet(() -> among.get(draw(among.size())));
    affinity.remember(source, chosen.pod(), now);
    return chosen;
  }

  private int draw(int bound) {
    synchronized (choice) {
      return choice.nextInt(bound);
    }
  }

  private void forward(SocketChannel client, Endpoint endpoint) {
    ChannelFuture connecting =
        Sockets.connect(
            client,
            new InetSocketAddress(InetAddress.getLoopbackAddress(), endpoint.port()),
            CONNECT_TIMEOUT_MILLIS);
    connecting.addListener(
        connected -> {
          if (connected.isSuccess()) {
            Relay.join(client, (DuplexChannel) connecting.channel());
          } else {
            refuse(client);
          }
        });
  }

  /** Refuses with a reset: an accepted connection cannot come closer to being refused. */
  private void refuse(SocketChannel client) {
    refused.incrementAndGet();
    client.config().setSoLinger(0);
    client.close();
  }

  @Override
  public synchronized void close() {
    delays.shutdownNow();
    acceptor.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    workers.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }
}
