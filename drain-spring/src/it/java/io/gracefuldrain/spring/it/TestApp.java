package io.gracefuldrain.spring.it;

import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.DrainPhase;
import io.gracefuldrain.testing.Await;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** An application of Spring Boot in this JVM, with quick drains, free ports and no signals. */
public final class TestApp implements AutoCloseable {
  static final Duration BOUND = Duration.ofSeconds(30);

  private static final List<String> QUICK =
      List.of(
          "--server.port=0",
          "--drain.http.port=0",
          "--drain.signals.enabled=false",
          "--drain.readiness-delay-min=0s",
          "--drain.readiness-delay-max=0s",
          "--drain.move-window=200ms",
          "--drain.settle-grace=15s",
          "--drain.termination-log=",
          "--spring.main.banner-mode=off",
          "--spring.jmx.enabled=false",
          "--spring.security.user.name=user",
          "--spring.security.user.password=secret");

  private final ConfigurableApplicationContext context;
  private final HttpClient http = HttpClient.newHttpClient();

  private TestApp(ConfigurableApplicationContext context) {
    this.context = context;
  }

  /** Starts one; further settings are as {@code server.port=0}. */
  static TestApp start(Class<?> config, String... settings) {
    return start(new Class<?>[] {config}, settings);
  }

  static TestApp start(Class<?>[] configs, String... settings) {
    List<String> args = new ArrayList<>(QUICK);
    for (String setting : settings) {
      args.removeIf(
          known -> known.startsWith("--" + setting.substring(0, setting.indexOf('=') + 1)));
      args.add("--" + setting);
    }
    SpringApplication application = new SpringApplication(configs);
    application.setRegisterShutdownHook(false);
    return new TestApp(application.run(args.toArray(String[]::new)));
  }

  ConfigurableApplicationContext context() {
    return context;
  }

  <T> T bean(Class<T> type) {
    return context.getBean(type);
  }

  DrainCoordinator coordinator() {
    return bean(DrainCoordinator.class);
  }

  void awaitPhase(DrainPhase phase) {
    Await.until(
        () -> "phase " + phase + ", is " + coordinator().report().toText(),
        BOUND,
        () -> coordinator().phase() == phase);
  }

  void awaitWork() {
    Await.until("work in flight", BOUND, () -> coordinator().work().inFlight() > 0);
  }

  /** The port of the application, of Actuator or of our own server: {@code local.….port}. */
  int port(String of) {
    return context.getEnvironment().getRequiredProperty("local." + of + ".port", Integer.class);
  }

  HttpResponse<String> get(String port, String path, String... headers) {
    return send("GET", port, path, headers).join();
  }

  CompletableFuture<HttpResponse<String>> send(
      String method, String port, String path, String... headers) {
    return sendBody(method, port, path, "", headers);
  }

  CompletableFuture<HttpResponse<String>> sendBody(
      String method, String port, String path, String body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://localhost:" + port(port) + path))
            .timeout(BOUND)
            .method(
                method,
                body.isEmpty()
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return http.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  static String[] login() {
    byte[] user = "user:secret".getBytes(StandardCharsets.UTF_8);
    return new String[] {"Authorization", "Basic " + Base64.getEncoder().encodeToString(user)};
  }

  @Override
  public void close() {
    context.close();
  }
}
