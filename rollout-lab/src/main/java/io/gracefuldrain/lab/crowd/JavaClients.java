package io.gracefuldrain.lab.crowd;

import io.gracefuldrain.lab.lean.Client;
import io.gracefuldrain.lab.ledger.Account;
import io.gracefuldrain.lab.results.ClientKind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import javax.net.SocketFactory;
import okhttp3.ConnectionPool;
import okhttp3.Dispatcher;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/**
 * Makes the Java clients of a crowd. They share one HTTP client, large enough that none waits for
 * another.
 */
final class JavaClients implements AutoCloseable {
  /** A poll, a post and a WebSocket at the same time; in moves, several WebSockets. */
  private static final int CALLS_OF_A_CLIENT = 4;

  private final URI url;
  private final int feedMs;
  private final LongSupplier clock;
  private final ExecutorService threads;
  private final int calls;
  private final OkHttpClient http;
  private final Map<InetAddress, OkHttpClient> bySource = new ConcurrentHashMap<>();

  JavaClients(URI url, int feedMs, int clients, LongSupplier clock) {
    this.url = url;
    this.feedMs = feedMs;
    this.clock = clock;
    AtomicInteger number = new AtomicInteger();
    calls = clients * CALLS_OF_A_CLIENT;
    threads =
        new ThreadPoolExecutor(
            0,
            calls,
            10,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            task -> {
              Thread thread = new Thread(task, "probe-http-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    Dispatcher dispatcher = new Dispatcher(threads);
    dispatcher.setMaxRequests(calls);
    dispatcher.setMaxRequestsPerHost(calls);
    http =
        new OkHttpClient.Builder()
            .dispatcher(dispatcher)
            .connectionPool(pool())
            .readTimeout(1, TimeUnit.MINUTES) // like the HTTP client that the library would make
            .build();
  }

  Client client(ClientKind kind, @Nullable InetAddress source, Account account) {
    OkHttpClient own = source == null ? http : bySource.computeIfAbsent(source, this::from);
    return kind.aware()
        ? new AwareClient(url, feedMs, own, account, clock)
        : new JavaClient(url, kind, feedMs, own, account, clock);
  }

  /** It has its own pool, since a pool does not tell the sources of its connections apart. */
  private OkHttpClient from(InetAddress source) {
    return http.newBuilder().socketFactory(new From(source)).connectionPool(pool()).build();
  }

  private ConnectionPool pool() {
    return new ConnectionPool(calls, 1, TimeUnit.MINUTES);
  }

  @Override
  public void close() {
    http.dispatcher().cancelAll();
    http.connectionPool().evictAll();
    bySource.values().forEach(each -> each.connectionPool().evictAll());
    threads.shutdown();
  }

  /** Makes sockets that come from one address of this machine. */
  private static final class From extends SocketFactory {
    private final InetAddress source;

    From(InetAddress source) {
      this.source = source;
    }

    @Override
    public Socket createSocket() throws IOException {
      Socket socket = new Socket();
      socket.bind(new InetSocketAddress(source, 0));
      return socket;
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
      return new Socket(host, port, source, 0);
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress local, int localPort)
        throws IOException {
      return new Socket(host, port, local, localPort);
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
      return new Socket(host, port, source, 0);
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort)
        throws IOException {
      return new Socket(host, port, local, localPort);
    }
  }
}
