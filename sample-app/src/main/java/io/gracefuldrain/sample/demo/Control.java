package io.gracefuldrain.sample.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.gracefuldrain.lab.process.DaemonThreads;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * The port on loopback where pods pass on what the page asks of the demo. They have its token in
 * their environment. {@code GET /status} answers with the demo's status. {@code POST /rollout}
 * begins a rollout, or answers 409 and says why not.
 */
final class Control implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpServer server;
  private final ExecutorService threads =
      Executors.newFixedThreadPool(2, DaemonThreads.named("demo-control"));
  private final String token = randomToken();

  /**
   * @param status asked for each answer
   * @param rollout begins a rollout, or gives the reason why it cannot
   */
  Control(Supplier<Status> status, Supplier<Optional<String>> rollout) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/status", exchange -> answer(exchange, "GET", () -> ok(status.get())));
    server.createContext(
        "/rollout",
        exchange ->
            answer(
                exchange,
                "POST",
                () ->
                    rollout
                        .get()
                        .map(reason -> new Answer(409, Map.of("error", reason)))
                        .orElseGet(() -> new Answer(202, status.get()))));
  }

  private record Answer(int status, Object body) {}

  private static Answer ok(Object body) {
    return new Answer(200, body);
  }

  private static String randomToken() {
    byte[] bytes = new byte[16];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  void start() {
    server.start();
  }

  String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  String token() {
    return token;
  }

  private void answer(HttpExchange exchange, String method, Supplier<Answer> answer)
      throws IOException {
    try (exchange) {
      Answer given;
      if (!authorized(exchange)) {
        given = new Answer(401, Map.of("error", "the token is wrong or missing"));
      } else if (!exchange.getRequestMethod().equals(method)) {
        given = new Answer(405, Map.of("error", "expected: " + method));
      } else {
        given = answer.get();
      }
      byte[] body = JSON.writeValueAsBytes(given.body());
      exchange.getResponseHeaders().set("content-type", "application/json");
      exchange.sendResponseHeaders(given.status(), body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private boolean authorized(HttpExchange exchange) {
    String given = exchange.getRequestHeaders().getFirst("Authorization");
    return given != null && MessageDigest.isEqual(bytes(given), bytes("Bearer " + token));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
