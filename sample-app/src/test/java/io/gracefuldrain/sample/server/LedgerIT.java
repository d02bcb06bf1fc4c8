package io.gracefuldrain.sample.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gracefuldrain.Outcome;
import io.gracefuldrain.cli.Drain;
import io.gracefuldrain.sample.AppProcess;
import io.gracefuldrain.sample.Browser;
import io.gracefuldrain.testing.Await;
import io.gracefuldrain.testing.Ports;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import picocli.CommandLine;

/** A pod's records of its sessions, with a drain and plain: real processes, SIGTERM, clients. */
@Execution(ExecutionMode.CONCURRENT)
class LedgerIT {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final Map<String, String> SETTINGS =
      Map.of(
          "DRAIN_POD", "chat-7d9f-x2x4q",
          "DRAIN_GENERATION", "7d9f",
          "DRAIN_ADMIN_TOKEN", "secret",
          "DRAIN_READINESS_DELAY_MIN", "1s",
          "DRAIN_READINESS_DELAY_MAX", "2s",
          "DRAIN_MOVE_WINDOW", "2s",
          "DRAIN_HINT_GRACE", "500ms");

  private final List<AutoCloseable> toClose = new ArrayList<>();
  private AppProcess app;
  private int port;
  private int managementPort;

  private void serve(String options) throws IOException {
    int[] ports = Ports.free(2);
    port = ports[0];
    managementPort = ports[1];
    app = AppProcess.run(SETTINGS, "serve -p " + port + " -m " + managementPort + options);
    toClose.add(app);
    app.awaitOutput("management  http");
    assertThat(drain("await-started")).isZero();
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : toClose) {
      each.close();
    }
  }

  @Test
  void drain_sessionsLetGo_areWrittenWithOutcomeAndJustWhatTheirClientsGot() throws Exception {
    serve(" --ledger");
    Browser gone = browser("websocket");
    String goneSid = gone.sid();
    gone.close();
    Await.until("its line", SOON, () -> ledger().containsKey(goneSid));
    assertThat(ledger().get(goneSid).outcome()).isNull();

    List<Browser> there = List.of(browser("websocket"), browser("polling"));
    Map<String, Browser> bySid = new HashMap<>();
    there.forEach(each -> bySid.put(each.sid(), each));
    there.forEach(this::bringsTwoAndAnOrder);
    assertThat(drain("start")).isZero(); // and recalled: kept sessions are not written
    assertThat(drain("resume")).isZero();
    app.awaitOutput("\"KEPT\":2").terminate();

    assertThat(app.awaitExit(SOON)).isEqualTo(143);
    assertThat(app.output()).contains("DRAIN-009");
    Map<String, SessionLedger.Line> ledger = ledger();
    assertThat(ledger).hasSize(3).containsKeys(bySid.keySet().toArray(new String[0]));
    for (String sid : bySid.keySet()) {
      SessionLedger.Line line = ledger.get(sid);
      List<Browser.Message> feed = bySid.get(sid).feed;
      assertThat(line.pod()).isEqualTo("chat-7d9f-x2x4q");
      assertThat(line.generation()).isEqualTo("7d9f");
      assertThat(line.outcome()).isEqualTo(Outcome.CLOSED);
      assertThat(line.sent()).isEqualTo(feed.size());
      assertThat(line.lastSent()).isEqualTo(feed.get(feed.size() - 1).n());
      assertThat(line.up()).isEqualTo(2);
      assertThat(line.orders()).isEqualTo(1);
      assertThat(line.leftMs()).isGreaterThan(line.enteredMs());
    }
    assertThat(ledger.values())
        .extracting(SessionLedger.Line::transport)
        .containsExactlyInAnyOrder("websocket", "websocket", "polling");
  }

  @Test
  void plain_sessionsCutByTheStop_areWrittenWithoutOutcome() throws Exception {
    serve(" --plain --ledger");
    List<Browser> there = List.of(browser("websocket"), browser("polling"));
    Map<String, Browser> bySid = new HashMap<>();
    there.forEach(each -> bySid.put(each.sid(), each));
    there.forEach(this::bringsTwoAndAnOrder);
    app.terminate();
    // While the server stops, for two seconds, the feed continues and readiness stays good.
    int before = there.get(0).feed.size();
    Await.until("more of the feed", SOON, () -> there.get(0).feed.size() > before + 5);
    assertThat(get("/readyz").statusCode()).isEqualTo(200);

    assertThat(app.awaitExit(SOON)).isEqualTo(143);
    assertThat(app.output()).doesNotContain("DRAIN-").doesNotContain("Exception");
    Map<String, SessionLedger.Line> ledger = ledger();
    assertThat(ledger).containsOnlyKeys(bySid.keySet().toArray(new String[0]));
    for (String sid : bySid.keySet()) {
      SessionLedger.Line line = ledger.get(sid);
      assertThat(line.outcome()).isNull();
      assertThat(line.sent()).isGreaterThanOrEqualTo(bySid.get(sid).feed.size());
      assertThat(line.up()).isEqualTo(2);
      assertThat(line.orders()).isEqualTo(1);
      assertThat(line.pod()).isEqualTo("chat-7d9f-x2x4q");
    }
  }

  @Test
  void plain_hooksAndDrain_sayThatThereIsNone() throws Exception {
    serve(" --plain");
    for (String path : List.of("/hooks/pre-stop", "/hooks/post-start", "/drain", "/drain/shed")) {
      HttpResponse<String> answer = get(path);
      assertThat(answer.statusCode()).as(path).isEqualTo(501);
      assertThat(answer.body()).contains(path + ": this pod is plain and does not drain");
    }
    assertThat(drain("status")).isNotZero();
    assertThat(get("/livez").statusCode()).isEqualTo(200);
    assertThat(get("/metrics").body()).contains("jvm_memory_used_bytes").doesNotContain("drain_");
    assertThat(get("/nope").statusCode()).isEqualTo(404);
  }

  private Browser browser(String transport) {
    Browser browser = new Browser(port, transport);
    toClose.add(browser);
    Await.until("a feed", SOON, () -> browser.feed.size() > 5);
    return browser;
  }

  private void bringsTwoAndAnOrder(Browser browser) {
    for (int n : new int[] {1, 2}) {
      var answer = browser.ask(Events.UP, Map.of("n", n));
      Await.until("an answer", SOON, () -> answer.get() != null);
    }
    // One that is refused at once counts as well.
    var refused = browser.ask(Events.ORDER, Map.of());
    Await.until("a refusal", SOON, () -> refused.get() != null);
  }

  /** The ledger's lines so far, by session. */
  private Map<String, SessionLedger.Line> ledger() {
    Map<String, SessionLedger.Line> bySid = new HashMap<>();
    app.output()
        .lines()
        .filter(line -> line.startsWith("{\"ledger\":\"session\""))
        .map(LedgerIT::parse)
        .forEach(line -> assertThat(bySid.put(line.sid(), line)).isNull());
    return bySid;
  }

  private static SessionLedger.Line parse(String line) {
    try {
      return new ObjectMapper().readValue(line, SessionLedger.Line.class);
    } catch (JsonProcessingException e) {
      throw new AssertionError(line, e);
    }
  }

  private int drain(String command) {
    PrintWriter none = new PrintWriter(new StringWriter());
    String token = command.equals("start") || command.equals("resume") ? " --token secret" : "";
    String line = command + " --port " + managementPort + token;
    return new CommandLine(new Drain()).setOut(none).setErr(none).execute(line.split(" ", -1));
  }

  private HttpResponse<String> get(String path) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + managementPort + path))
            .timeout(SOON)
            .build();
    return HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
  }
}
