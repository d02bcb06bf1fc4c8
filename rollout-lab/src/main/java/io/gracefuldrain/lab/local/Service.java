package io.gracefuldrain.lab.local;

import io.gracefuldrain.lab.process.DaemonThreads;
import io.gracefuldrain.lab.tcp.Affinity;
import io.gracefuldrain.lab.tcp.FirstRequest;
import io.gracefuldrain.lab.tcp.FirstResponse;
import io.gracefuldrain.lab.tcp.Relay;
import io.gracefuldrain.lab.tcp.Sockets;
import io.netty.buffer.ByteBuf;
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
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A Service with {@code sessionAffinity: ClientIP}, like the one of kube-proxy. Each new connection
 * goes to the last endpoint of its source, or else to a random one, and is refused if that refuses.
 * Established connections stay where they are. Each change of the EndpointSlice takes effect after
 * a delay. A load balancer in front may lag further behind; it spreads connections without regard
 * to their source. A proxy may route by a cookie in place of the source. Thread-safe.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a closed channel needs nothing more
final class Service implements AutoCloseable {
  /** The default of Kubernetes. */
  private static final Duration AFFINITY = Duration.ofHours(3);

  private static final int CONNECT_TIMEOUT_MILLIS = 5_000;

  /** The cookie of the proxy. Its value is the pod. */
  static final String COOKIE = "lab-pod";

  private final boolean publishNotReady;
  private final Surroundings surroundings;
  private final Consumer<List<Endpoint>> obeyed;
  private final Propagation propagation; // guarded by this
  private final Random choice; // guarded by its own lock
  private final Affinity<String> affinity;
  private final AtomicInteger refused = new AtomicInteger();
  private final ScheduledExecutorService delays =
      Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("lab-propagation"));
  private final EventLoopGroup acceptor =
      new NioEventLoopGroup(1, new DefaultThreadFactory("lab-service-accept", true));
  private final EventLoopGroup workers =
      new NioEventLoopGroup(1, new DefaultThreadFactory("lab-service-relay", true));
  private long changes; // guarded by this
  private final Leaving leaving; // of the thread of delays
  private long obeyedChange; // of the thread of delays
  private volatile List<Endpoint> eligible = List.of();
  private volatile List<Endpoint> left = List.of(); // the Service, but not the load balancer
  private volatile Map<String, Endpoint> running = Map.of();

  /**
   * @param obeyed is given the endpoints of new connections, whenever they change
   */
  Service(
      boolean publishNotReady,
      DelayRange delays,
      Surroundings surroundings,
      long seed,
      Consumer<List<Endpoint>> obeyed) {
    this.publishNotReady = publishNotReady;
    this.surroundings = surroundings;
    this.affinity = new Affinity<>(surroundings.spreads() ? Duration.ZERO : AFFINITY);
    this.leaving = new Leaving(surroundings.balancerLag().toMillis());
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
    running = slice.stream().collect(Collectors.toUnmodifiableMap(Endpoint::pod, each -> each));
    List<Endpoint> next = Endpoint.eligible(slice, publishNotReady);
    long change = ++changes;
    long now = nowMs();
    delays.schedule(
        () -> {
          if (change
              > obeyedChange) { // two changes due in the same millisecond may come in the wrong
            // order
            obeyedChange = change;
            obey(next);
          }
        },
        propagation.dueMs(now) - now,
        TimeUnit.MILLISECONDS);
  }

  private static long nowMs() {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
  }

  private void obey(List<Endpoint> next) {
    List<Endpoint> before = left;
    List<Endpoint> kept = leaving.among(all(eligible, before), next, nowMs());
    eligible = next;
    left = kept;
    obeyed.accept(all(next, kept));
    if (!before.containsAll(kept) && !delays.isShutdown()) {
      delays.schedule(
          () -> obey(eligible), surroundings.balancerLag().toMillis() + 1, TimeUnit.MILLISECONDS);
    }
  }

  private static List<Endpoint> all(List<Endpoint> some, List<Endpoint> others) {
    return Stream.concat(some.stream(), others.stream()).toList();
  }

  /** How many connections were refused: there was no endpoint, or it refused. */
  int refused() {
    return refused.get();
  }

  private void arrived(SocketChannel client) {
    if (surroundings.sticky()) {
      FirstRequest.read(client, (head, bytes) -> stick(client, head, bytes));
      return;
    }
    Endpoint endpoint = choose(client.remoteAddress().getAddress());
    if (endpoint == null) {
      refuse(client);
    } else {
      connect(client, endpoint)
          .addListener((ChannelFuture connected) -> join(client, connected, () -> refuse(client)));
    }
  }

  // ---------------------------------------------------------------- by address

  private @Nullable Endpoint choose(InetAddress source) {
    List<Endpoint> among = all(eligible, left);
    if (among.isEmpty()) {
      return null;
    }
    long now = System.nanoTime();
    String own = affinity.of(source, now);
    Endpoint chosen =
        among.stream()
            .filter(endpoint -> endpoint.pod().equals(own))
            .findFirst()
            .orElseGet(() -> draw(among));
    affinity.remember(source, chosen.pod(), now);
    return chosen;
  }

  private Endpoint draw(List<Endpoint> among) {
    return among.get(draw(among.size()));
  }

  private int draw(int bound) {
    synchronized (choice) {
      return choice.nextInt(bound);
    }
  }

  // ---------------------------------------------------------------- by cookie

  /** The cookie's pod for as long as it accepts, else another one, with a new cookie. */
  private void stick(SocketChannel client, String head, ByteBuf request) {
    String cookie = FirstRequest.cookie(head, COOKIE);
    Endpoint own = cookie == null ? null : running.get(cookie);
    if (own == null) {
      stickToAnother(client, request);
      return;
    }
    connect(client, own)
        .addListener(
            (ChannelFuture connected) -> {
              if (connected.isSuccess()) {
                connected.channel().writeAndFlush(request);
              }
              join(client, connected, () -> stickToAnother(client, request));
            });
  }

  private void stickToAnother(SocketChannel client, ByteBuf request) {
    List<Endpoint> among = all(eligible, left);
    if (among.isEmpty()) {
      request.release();
      refuse(client);
      return;
    }
    Endpoint chosen = draw(among);
    connect(client, chosen)
        .addListener(
            (ChannelFuture connected) -> {
              if (connected.isSuccess()) {
                FirstResponse.addHeader(
                    connected.channel(), "Set-Cookie: " + COOKIE + "=" + chosen.pod() + "; Path=/");
                connected.channel().writeAndFlush(request);
              } else {
                request.release();
              }
              join(client, connected, () -> refuse(client));
            });
  }

  // ---------------------------------------------------------------- connections

  private static ChannelFuture connect(SocketChannel client, Endpoint endpoint) {
    return Sockets.connect(
        client,
        new InetSocketAddress(InetAddress.getLoopbackAddress(), endpoint.port()),
        CONNECT_TIMEOUT_MILLIS);
  }

  private static void join(SocketChannel client, ChannelFuture connected, Runnable otherwise) {
    if (connected.isSuccess()) {
      Relay.join(client, (DuplexChannel) connected.channel());
    } else {
      otherwise.run();
    }
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
