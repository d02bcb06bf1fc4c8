package io.gracefuldrain.sample.server;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.gracefuldrain.lab.process.DaemonThreads;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * The management port of a pod without a drain: metrics, and probes that are good until the process
 * is gone. A request for a drain, and a call of a hook, is answered with the reason why there is
 * none. Thread-safe.
 */
final class PlainManagement {
  private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";
  private static final String JSON = "application/json";
  private static final int THREADS = 4;

  private record Answer(int status, String type, String body) {
    static Answer error(int status, String message) {
      return new Answer(status, JSON, "{\"error\":\"" + message + "\"}\n");
    }
  }

  private final HttpServer server;
  private final Supplier<String> metrics;
  private volatile boolean started;

  private PlainManagement(HttpServer server, Supplier<String> metrics) {
    this.server = server;
    this.metrics = metrics;
  }

  /**
   * Listens on every address in Kubernetes, where the kubelet comes from outside, and on loopback
   * elsewhere.
   *
   * @throws UncheckedIOException if it cannot listen on the port
   */
  static PlainManagement start(
      int port, Map<String, String> environment, Supplier<String> metrics) {
    InetSocketAddress address =
        environment.containsKey("KUBERNETES_SERVICE_HOST")
            ? new InetSocketAddress(port)
            : new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    PlainManagement management = new PlainManagement(listen(address), metrics);
    HttpServer server = management.server;
    server.setExecutor(
        Executors.newFixedThreadPool(THREADS, DaemonThreads.named("plain-management")));
    server.createContext("/", management::handle);
    server.start();
    return management;
  }

  private static HttpServer listen(InetSocketAddress address) {
    try {
      return HttpServer.create(address, 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The service is up. */
  void started() {
    started = true;
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      Answer answer = answer(exchange.getRequestMethod(), exchange.getRequestURI().getPath());
      byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", answer.type());
      exchange.getResponseHeaders().set("Cache-Control", "no-store");
      exchange.getResponseHeaders().set("Connection", "close");
      exchange.sendResponseHeaders(answer.status(), body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private Answer answer(String method, String path) {
    return switch (path) {
      case "/livez", "/readyz", "/startupz", "/metrics" ->
          method.equals("GET") ? good(path) : Answer.error(405, "method (expected: GET)");
      case "/hooks/post-start", "/hooks/pre-stop", "/drain", "/drain/shed" ->
          Answer.error(
              501, path + ": this pod is plain and does not drain (expected: serve, not --plain)");
      default -> Answer.error(404, "path (expected: one of /livez, /readyz, /startupz, /metrics)");
    };
  }

  private Answer good(String path) {
    if (path.equals("/metrics")) {
      return new Answer(200, TEXT, metrics.get());
    }
    return started || path.equals("/livez")
        ? new Answer(200, JSON, "{\"phase\":\"SERVING\",\"ready\":" + started + "}\n")
        : Answer.error(503, "not started");
  }
}
