package io.gracefuldrain.smoke;

import io.gracefuldrain.testing.Await;
import io.gracefuldrain.testing.JvmProcess;
import io.gracefuldrain.testing.Ports;
import io.gracefuldrain.testing.RawClient;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** The shop in a process of its own, as a container would run it. */
final class Shop implements AutoCloseable {
  static final String MAIN = "com.example.shop.ShopApplication";

  /** An order takes this long; the settle grace is longer. */
  private static final Map<String, String> ENVIRONMENT =
      Map.of(
          "DRAIN_POD", "shop-a",
          "DRAIN_READINESS_DELAY_MIN", "200ms",
          "DRAIN_READINESS_DELAY_MAX", "500ms",
          "DRAIN_MOVE_WINDOW", "4s",
          "DRAIN_HINT_GRACE", "2s",
          "DRAIN_SETTLE_GRACE", "6s",
          "DRAIN_TERMINATION_LOG", "");

  private static final String LOGIN =
      "Basic " + Base64.getEncoder().encodeToString("shop:secret".getBytes(StandardCharsets.UTF_8));

  private final JvmProcess process;
  private final int web;
  private final int management;
  private final int socketIo;
  private final HttpClient http = HttpClient.newHttpClient();

  private Shop(JvmProcess.Builder program, Map<String, String> more, String... arguments)
      throws IOException {
    int[] ports = Ports.free(3);
    web = ports[0];
    management = Integer.parseInt(more.getOrDefault("MANAGEMENT_SERVER_PORT", "" + ports[1]));
    socketIo = ports[2];
    Map<String, String> environment = new HashMap<>(ENVIRONMENT);
    environment.put("SERVER_PORT", Integer.toString(web));
    environment.put("MANAGEMENT_SERVER_PORT", Integer.toString(management));
    environment.put("SHOP_SOCKETIO_PORT", Integer.toString(socketIo));
    environment.putAll(more);
    process = program.environment(environment).start(arguments);
  }

  /** Starts it; returns at once. */
  static Shop starting(Line line, Map<String, String> environment, String... arguments)
      throws IOException {
    return new Shop(JvmProcess.of(line.jar()), environment, arguments);
  }

  /** Starts it with other parts in place of the usual ones. */
  static Shop on(Stack stack, NextPod next) throws Exception {
    Map<String, String> environment = Map.of("DRAIN_RECONNECT_URL", next.url());
    return new Shop(stack.program(), environment, stack.arguments()).thatHasStarted();
  }

  /** Starts it with another version of netty-socketio; returns at once. */
  static Shop withServer(String version) throws IOException {
    Line line = Line.BOOT_4_1;
    List<String> jars = new ArrayList<>(List.of(line.jars().split(File.pathSeparator)));
    // With Devtools a start that fails ends with 0.
    jars.removeIf(jar -> jar.contains("netty-socketio-2.") || jar.contains("devtools"));
    jars.add(line.oldServer(version).toString());
    String classPath = line.classes() + File.pathSeparator + String.join(File.pathSeparator, jars);
    return new Shop(JvmProcess.of(Path.of(classPath), MAIN), Map.of());
  }

  /** Starts it as an IDE does, from a folder of classes and with Devtools. */
  static Shop startedWithDevtools(Line line, Path classes, NextPod next) throws Exception {
    String classPath = classes + File.pathSeparator + line.jars();
    JvmProcess.Builder program = JvmProcess.of(Path.of(classPath), MAIN);
    return new Shop(program, Map.of("DRAIN_RECONNECT_URL", next.url())).thatHasStarted();
  }

  /** Starts it without a web server, and so without Actuator's: hooks are on the drain's own. */
  static Shop withoutWeb(Line line, NextPod next) throws Exception {
    int port = Ports.free();
    Map<String, String> environment =
        Map.of(
            "DRAIN_RECONNECT_URL",
            next.url(),
            "DRAIN_HTTP_PORT",
            Integer.toString(port),
            "MANAGEMENT_SERVER_PORT",
            Integer.toString(port)); // nobody reads it but this class
    return starting(line, environment, "--spring.main.web-application-type=none").thatHasStarted();
  }

  private Shop thatHasStarted() throws InterruptedException {
    try {
      process.awaitLine("Started ShopApplication");
      return this;
    } catch (AssertionError | InterruptedException e) {
      close();
      throw e;
    }
  }

  /** Starts it, whose clients are led to the next pod. */
  static Shop started(Line line, NextPod next, String... arguments) throws Exception {
    return starting(line, Map.of("DRAIN_RECONNECT_URL", next.url()), arguments).thatHasStarted();
  }

  JvmProcess process() {
    return process;
  }

  /** Where its Socket.IO server is. */
  String url() {
    return "http://127.0.0.1:" + socketIo;
  }

  /** Asks its web port, as a user who has logged in. */
  CompletableFuture<HttpResponse<String>> web(String method, String path) {
    return ask(web, method, path, "Authorization", LOGIN);
  }

  /** Asks its management port, as an operator who has logged in. */
  CompletableFuture<HttpResponse<String>> actuator(String method, String path) {
    return ask(management, method, path, "Authorization", LOGIN);
  }

  /** Asks its management port as the kubelet does: it is nobody. */
  RawClient.Response kubelet(String path) throws IOException {
    try (RawClient kubelet = new RawClient(management)) {
      return kubelet.get(path).read();
    }
  }

  /** Waits until its runners are done, and its probes say so to the kubelet. */
  void awaitReady() {
    Await.until(
        () -> "a pod that is ready:\n" + process.output(),
        JvmProcess.PATIENCE,
        () -> {
          try {
            return kubelet("/startupz").status() == 200 && kubelet("/readyz").status() == 200;
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  /** Asks its web port as somebody who has not logged in. */
  int anonymous(String path) throws IOException {
    try (RawClient anybody = new RawClient(web)) {
      return anybody.get(path).status();
    }
  }

  /** The hook, which waits until the drain is done. */
  CompletableFuture<HttpResponse<String>> preStop() {
    return ask(management, "GET", "/hooks/pre-stop", "User-Agent", "kube-lifecycle/1.34");
  }

  private CompletableFuture<HttpResponse<String>> ask(
      int port, String method, String path, String... headers) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .timeout(Duration.ofSeconds(30))
            .headers(headers)
            .method(method, HttpRequest.BodyPublishers.noBody())
            .build();
    return http.sendAsync(request, BodyHandlers.ofString());
  }

  @Override
  public void close() {
    process.close();
  }
}
