package io.gracefuldrain.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.gracefuldrain.DrainCoordinator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A management port with the {@link DrainEndpoints} on it, for applications without a servlet
 * container: the JDK's server, with daemon threads of its own. A hook that waits holds no thread,
 * and a client that is slow to send or to read makes room for others, so neither delays a probe.
 *
 * <p>Everybody who reaches the port can drain the pod through its hooks: keep it off every Service.
 * Thread-safe.
 */
public final class DrainHttpServer implements AutoCloseable {
  // The JDK's server accepts one connection at a time. A probe that meets a full queue
  // is tried again by TCP after a second, and the kubelet gives it no longer than that.
  private static final int BACKLOG = 1024;
  // Clients that stall have this many places: at 640 a second, each has a tenth of a second.
  private static final int THREADS = 64;
  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final Duration LAST_WORDS = Duration.ofMillis(500);
  private static final Answer GOODBYE = Answer.error(503, "the management server is closing");
  private static final Logger LOG = LoggerFactory.getLogger(DrainHttpServer.class);

  private final DrainEndpoints endpoints;
  private final HttpServer server;
  private final ScheduledThreadPoolExecutor watch;
  private final Workers workers;
  private final Set<HttpCall> waiting = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean closed = new AtomicBoolean();
  private final AtomicBoolean telling = new AtomicBoolean();
  // Guarded by this: how many were cut and are not told yet.
  private int cutLate;
  private int cutForRoom;

  /**
   * A server on a port: on every address inside a container, on loopback alone elsewhere.
   *
   * @param port the port; 0 for a free one
   * @throws IllegalArgumentException if there is no such port
   * @throws UncheckedIOException if the port cannot be opened, for instance because it is taken
   * @throws IllegalStateException if the runtime has no module {@code jdk.httpserver}
   */
  public static DrainHttpServer start(DrainCoordinator coordinator, int port) {
    return start(DrainEndpoints.of(coordinator), BindAddress.of(port));
  }

  /**
   * The same for endpoints that were made with metrics.
   *
   * @param port the port; 0 for a free one
   * @throws IllegalArgumentException if there is no such port
   * @throws UncheckedIOException if the port cannot be opened, for instance because it is taken
   * @throws IllegalStateException if the runtime has no module {@code jdk.httpserver}
   */
  public static DrainHttpServer start(DrainEndpoints endpoints, int port) {
    return start(endpoints, BindAddress.of(port));
  }

  /**
   * The same on a given address.
   *
   * @throws UncheckedIOException if the address cannot be opened, for instance because its port is
   *     taken
   * @throws IllegalStateException if the runtime has no module {@code jdk.httpserver}
   */
  public static DrainHttpServer start(DrainEndpoints endpoints, InetSocketAddress address) {
    requireServer(address.getPort());
    HttpServer server;
    try {
      server = HttpServer.create(address, BACKLOG);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "port: "
              + address.getPort()
              + " (expected: one that is free on "
              + address.getAddress()
              + "): "
              + e.getMessage(),
          e);
    }
    return new DrainHttpServer(endpoints, server);
  }

  /** A runtime that was cut down with jlink may be without it. */
  private static void requireServer(int port) {
    try {
      Class.forName(
          "com.sun.net.httpserver.HttpServer", false, DrainHttpServer.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(
          "port: "
              + port
              + ", but this Java runtime has no module jdk.httpserver (expected: a runtime made with"
              + " jlink --add-modules jdk.httpserver, or the endpoints on a server of your own)",
          e);
    }
  }

  @SuppressWarnings("FutureReturnValueIgnored") // the watch ends with the server
  private DrainHttpServer(DrainEndpoints endpoints, HttpServer server) {
    this.endpoints = endpoints;
    this.server = server;
    watch = new ScheduledThreadPoolExecutor(1, task -> Workers.daemon("drain-http-watch", task));
    workers = new Workers("drain-http", THREADS);
    watch.scheduleWithFixedDelay(this::cutStalled, 1, 1, TimeUnit.SECONDS);
    server.setExecutor(workers);
    server.createContext("/", this::handle);
    startAsDaemon(server);
    LOG.info("DRAIN-040 management listens on {}", server.getAddress());
    endpoints.servedOn(port(), "");
  }

  /**
   * The JDK's dispatcher is a daemon if the thread that starts it is one; it must not keep the JVM.
   */
  private static void startAsDaemon(HttpServer server) {
    Thread starter = Workers.daemon("drain-http-start", server::start);
    starter.start();
    boolean interrupted = false;
    while (starter.isAlive()) { // it starts a thread and ends
      try {
        starter.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Cuts clients that stall, and tells how many. */
  synchronized void cutStalled() {
    cutLate += workers.cutOlderThan(LIMIT);
    cutForRoom += workers.crowdedOut();
    if (cutLate + cutForRoom == 0 || !telling.compareAndSet(false, true)) {
      return; // nothing to tell, or the log hangs
    }
    int late = cutLate;
    int forRoom = cutForRoom;
    cutLate = 0;
    cutForRoom = 0;
    try {
      // Not here, nor on a worker: a log that hangs must end neither.
      Workers.daemon("drain-http-log", () -> tell(late, forRoom)).start();
    } catch (OutOfMemoryError e) { // no more threads
      telling.set(false);
    }
  }

  private void tell(int late, int forRoom) {
    try {
      LOG.warn(
          "DRAIN-043 clients stall: cut {} after {} s, and {} to make room",
          late,
          LIMIT.toSeconds(),
          forRoom);
    } finally {
      telling.set(false);
    }
  }

  /** The server's port. */
  public int port() {
    return server.getAddress().getPort();
  }

  private void handle(HttpExchange exchange) {
    HttpCall call = new HttpCall(exchange);
    CompletableFuture<Answer> answer =
        endpoints
            .handle(
                new Request(
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().getRawPath(),
                    exchange.getRequestURI().getRawQuery(),
                    exchange.getRequestHeaders()::getFirst,
                    call::stillThere))
            .toCompletableFuture();
    if (answer.isDone() && !answer.isCompletedExceptionally()) {
      call.answer(answer.join());
    } else {
      answerLater(call, answer);
    }
  }

  @SuppressWarnings("FutureReturnValueIgnored") // the callback does not throw
  private void answerLater(HttpCall call, CompletableFuture<Answer> answer) {
    call.awaits(answer);
    waiting.add(call);
    answer.whenComplete(
        (given, gone) -> {
          waiting.remove(call);
          if (given != null && !call.over()) {
            late(() -> call.answer(given));
          }
        });
    if (closed.get()) { // meanwhile: no thread takes another job, and close waits for this one
      call.answer(GOODBYE);
      call.awaitsNoMore(GOODBYE);
    }
  }

  private void late(Runnable answering) {
    try {
      workers.execute(answering);
    } catch (RejectedExecutionException e) {
      LOG.warn(
          "DRAIN-045 a waiting request gets no answer: too many at once, or the server is closed");
    }
  }

  /** Answers waiting requests, and stops listening; takes at most a second. Idempotent. */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    waiting.forEach(call -> call.awaitsNoMore(GOODBYE));
    workers.close(LAST_WORDS);
    server.stop(0);
    watch.shutdownNow();
  }
}
