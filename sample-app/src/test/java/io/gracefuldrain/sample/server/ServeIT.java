package io.gracefuldrain.sample.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.gracefuldrain.sample.AppProcess;
import io.gracefuldrain.sample.Browser;
import io.gracefuldrain.sample.RawHttp;
import io.gracefuldrain.testing.Await;
import io.gracefuldrain.testing.Ports;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.json.JSONObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServeIT {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final HttpClient HTTP =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

  private static AppProcess app;
  private static int port;
  private static int managementPort;

  @BeforeAll
  static void start() throws IOException {
    int[] ports = Ports.free(2);
    port = ports[0];
    managementPort = ports[1];
    app = AppProcess.run("serve --port " + port + " --management-port " + managementPort);
    app.awaitOutput("drain start");
  }

  @AfterAll
  static void stop() {
    app.close();
  }

  @ParameterizedTest
  @CsvSource({
    "/, text/html; charset=utf-8, <!doctype html>",
    "/?feedMs=50, text/html; charset=utf-8, <!doctype html>",
    "/style.css, text/css; charset=utf-8, :root",
    "/pane.css, text/css; charset=utf-8, .order-list",
    "/app.js, text/javascript; charset=utf-8, drainAware",
    "/drain-client.js, text/javascript; charset=utf-8, drainAware",
    "/socket.io.min.js, text/javascript; charset=utf-8, Socket.IO",
    "/icon.svg, image/svg+xml, <svg"
  })
  void get_pageFile_isServed(String path, String type, String content) throws Exception {
    HttpResponse<String> answer = send(request(path));
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).contains(content);
    assertThat(answer.headers().firstValue("content-type")).hasValue(type);
    assertThat(answer.headers().firstValue("connection")).hasValue("close");
  }

  @Test
  void get_unchangedFile_isNotSentAgain() throws Exception {
    String etag = send(request("/app.js")).headers().firstValue("etag").orElseThrow();
    HttpResponse<String> answer = send(request("/app.js").header("If-None-Match", etag));
    assertThat(answer.statusCode()).isEqualTo(304);
    assertThat(answer.body()).isEmpty();
  }

  @Test
  void head_pageFile_hasItsLength() throws Exception {
    HttpResponse<String> answer = send(request("/").method("HEAD", BodyPublishers.noBody()));
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValueAsLong("content-length").orElseThrow()).isPositive();
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /nope, 404, /nope: there is no such page (expected: /)",
    "GET, /../logback.xml, 404, /../logback.xml: there is no such page (expected: /)",
    "POST, /, 405, POST: not for / (expected: GET or HEAD)",
    "GET, /demo/status, 200, This pod was started without the demo",
    "POST, /demo/status, 405, POST: not for /demo/status (expected: GET)",
    "POST, /demo/rollout, 403, x-graceful-drain-demo: missing (expected: any value)",
    "GET, /demo/x, 404, /demo/x: there is no such thing (expected: status or rollout)",
    "GET, /%zz, 400, Bad request"
  })
  void request_bad_saysWhy(String method, String path, int status, String text) throws Exception {
    String answer = RawHttp.ask(port, method + " " + path + " HTTP/1.1");
    assertThat(answer).startsWith("HTTP/1.1 " + status).contains(text);
  }

  @Test
  void rollout_podByItself_hasNone() throws Exception {
    HttpRequest.Builder rollout =
        request("/demo/rollout")
            .header("x-graceful-drain-demo", "rollout")
            .POST(BodyPublishers.noBody());
    HttpResponse<String> answer = send(rollout);
    assertThat(answer.statusCode()).isEqualTo(501);
    assertThat(new JSONObject(answer.body()).getString("error")).contains("the command demo");
  }

  @ParameterizedTest
  @ValueSource(strings = {"9", "10001", "fast", "%22%0A"})
  void handshake_badFeed_isRefused(String feedMs) throws Exception {
    HttpResponse<String> answer =
        send(request("/socket.io/?EIO=4&transport=polling&feedMs=" + feedMs));
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(new JSONObject(answer.body()).getString("message"))
        .startsWith("feedMs: '")
        .endsWith("' (expected: 10 to 10000, in milliseconds)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"websocket", "polling"})
  void events_eachKind_areAnswered(String transport) throws Exception {
    try (Browser browser = new Browser(port, transport)) {
      Await.until("a feed", SOON, () -> browser.feed.size() >= 5);
      Browser.Message message = browser.feed.get(2);
      assertThat(message.at()).isEqualTo(message.n() * Browser.FEED_MS);
      JSONObject pod = answer(browser.ask(Events.WHO_AM_I, Map.of()));
      assertThat(pod.getString("name")).isEqualTo("pod-" + port).isEqualTo(message.pod());
      assertThat(pod.getString("generation")).isEqualTo("unknown");
      assertThat(pod.getString("phase")).isEqualTo("SERVING");
      JSONObject line = answer(browser.ask(Events.SAY, Map.of("from", "Ada", "text", "hello")));
      assertThat(line.getString("from") + ": " + line.getString("text")).isEqualTo("Ada: hello");
      assertThat(answer(browser.ask(Events.SAY, Map.of())).getString("error"))
          .isEqualTo("say.text: missing (expected: a text)");
      assertThat(answer(browser.ask(Events.UP, Map.of("n", "x"))).getString("error"))
          .isEqualTo("up.n: \"x\" (expected: a whole number)");
      assertThat(answer(browser.ask(Events.ORDER, Map.of())).getString("error"))
          .isEqualTo("order.id: missing (expected: a text)");
      answer(browser.ask(Events.UP, Map.of("n", 41)));
      JSONObject up = answer(browser.ask(Events.UP, Map.of("n", 42)));
      assertThat(up.getLong("n")).isEqualTo(42);
      assertThat(up.getLong("count")).isEqualTo(2);
    }
  }

  @Test
  void metrics_drainAndJvm_areThere() throws Exception {
    assertThat(send(management("/metrics")).body())
        .contains("drain_phase", "jvm_memory_used_bytes");
  }

  @Test
  void shed_tokenThatWasPrinted_isTaken() throws Exception {
    Matcher token = Pattern.compile("--token ([0-9a-f]{32})").matcher(app.output());
    assertThat(token.find()).isTrue();
    HttpRequest.Builder shed = management("/drain/shed?count=1").POST(BodyPublishers.noBody());
    assertThat(send(shed).statusCode()).isEqualTo(401);
    assertThat(send(shed.header("Authorization", "Bearer " + token.group(1))).statusCode())
        .isEqualTo(202);
  }

  @Test
  void serve_portTaken_saysWhichAndEnds() throws Exception {
    try (AppProcess second = AppProcess.run("serve -p " + port + " -m " + Ports.free())) {
      assertThat(second.awaitExit(SOON)).isEqualTo(1);
      assertThat(second.output())
          .contains("--port: " + port + " (expected: a free port): Address already in use")
          .doesNotContain("Exception");
    }
  }

  @Test
  void serve_managementPortTaken_saysWhichAndEnds() throws Exception {
    try (AppProcess second = AppProcess.run("serve -p " + Ports.free() + " -m " + managementPort)) {
      assertThat(second.awaitExit(SOON)).isEqualTo(1);
      assertThat(second.output())
          .contains(
              "--management-port: %d (expected: a free port): Address already in use"
                  .formatted(managementPort))
          .doesNotContain("Exception");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "DRAIN_MOVE_WINDOW; soon; DRAIN_MOVE_WINDOW: soon (expected: a duration",
        "DRAIN_GRACE_PERIOD; 5s; gracePeriod: 5s (expected: >= 27s"
      })
  void serve_badSetting_saysWhichAndEnds(String name, String value, String message)
      throws Exception {
    try (AppProcess bad = AppProcess.run(Map.of(name, value), "serve")) {
      assertThat(bad.awaitExit(SOON)).isEqualTo(1);
      assertThat(bad.output()).contains(message).doesNotContain("Exception");
    }
  }

  private static JSONObject answer(AtomicReference<JSONObject> answer) {
    Await.until("an answer", SOON, () -> answer.get() != null);
    return answer.get();
  }

  private static HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).timeout(SOON);
  }

  private static HttpRequest.Builder management(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + managementPort + path))
        .timeout(SOON);
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return HTTP.send(request.build(), BodyHandlers.ofString());
  }
}
