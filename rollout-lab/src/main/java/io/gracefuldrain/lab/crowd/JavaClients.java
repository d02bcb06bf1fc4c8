package io.gracefuldrain.lab.crowd;

import io.gracefuldrain.lab.lean.Client;
import io.gracefuldrain.lab.ledger.Account;
import io.gracefuldrain.lab.results.ClientKind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
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

  private final CrowdPlan plan;
  private final LongSupplier clock;
  private final ExecutorService threads;
  private final int calls;
  private final OkHttpClient http;
  private final Map<InetAddress, OkHttpClient> bySource = new ConcurrentHashMap<>();

  JavaClients(CrowdPlan plan, int clients, LongSupplier clock) {
    this.plan = plan;
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
    OkHttpClient shared = source == null ? http : bySource.computeIfAbsent(source, this::from);
    OkHttpClient own = plan.cookies() ? withCookies(shared) : shared;
    return kind.aware()
        ? new AwareClient(plan.url(), plan.feedMs(), own, account, clock)
        : new JavaClient(plan.url(), kind, plan.feedMs(), own, account, clock);
  }

  /**
   * It keeps no idle connection: a proxy that looks at the first request of a connection must see
   * each request's cookie.
   */
  private static OkHttpClient withCookies(OkHttpClient shared) {
    return shared
        .newBuilder()
        .cookieJar(new Cookies())
        .connectionPool(new ConnectionPool(0, 1, TimeUnit.MILLISECONDS))
        .build();
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
