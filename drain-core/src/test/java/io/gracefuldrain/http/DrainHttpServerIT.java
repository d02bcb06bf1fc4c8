package io.gracefuldrain.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.DrainPhase;
import io.gracefuldrain.DrainPolicy;
import io.gracefuldrain.DrainReason;
import io.gracefuldrain.HangingLog;
import io.gracefuldrain.testing.Await;
import io.gracefuldrain.testing.ManagementClient;
import io.gracefuldrain.testing.Opened;
import io.gracefuldrain.testing.RawClient;
import io.gracefuldrain.testing.RawClient.Response;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The management port over real sockets, with clients that behave and others that do not. */
@Timeout(30)
@Isolated("it measures time, and looks at all threads")
class DrainHttpServerIT {
  private static final DrainPolicy QUICK =
      DrainPolicy.defaults()
          .withPod("pod-1")
          .withAdminToken("secret")
          .withReadinessDelayMin(Duration.ZERO)
          .withReadinessDelayMax(Duration.ofMillis(200))
          .withHintGrace(Duration.ZERO)
          .withMoveWindow(Duration.ofMillis(200))
          .withSettleGrace(Duration.ofMillis(200))
          .withForceTimeout(Duration.ofMillis(100))
          .withReceipt(DrainPolicy.Receipt.LOG)
          .withTerminationLog("");
  private static final DrainPolicy LONG = DrainPolicy.defaults().withTerminationLog("");
  private static final Duration LAST_NOTICE = Duration.ofSeconds(1);
  private static final Duration PROBE_TIMEOUT = Duration.ofSeconds(1); // the kubelet's default

  private final Opened opened = new Opened();
  private DrainCoordinator coordinator;
  private DrainHttpServer server;
  private ManagementClient management;

  @BeforeEach
  void start() {
    start(QUICK, "up 1\n");
  }

  private void start(DrainPolicy policy, String metrics) {
    coordinator = opened.add(DrainCoordinator.create(policy));
    server =
        opened.add(
            DrainHttpServer.start(
                DrainEndpoints.of(coordinator, () -> metrics),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));
    management = opened.add(new ManagementClient(server.port(), "secret"));
    coordinator.started();
  }

  @AfterEach
  void closeAll() throws Exception {
    opened.closeAll();
  }

  // ---------------------------------------------------------------- every path

  @Test
  void get_probesAndStatus_answer() throws IOException {
    for (String path : List.of("/livez", "/readyz", "/startupz", "/hooks/post-start")) {
      Response response = management.get(path);
      assertThat(response.status()).as(path).isEqualTo(200);
      assertThat(response.body()).isEqualTo("{\"phase\":\"SERVING\",\"ready\":true}\n");
      assertThat(response.headers())
          .containsEntry("cache-control", "no-store")
          .containsEntry("content-type", "application/json");
    }
    assertThat(management.get("/drain").body())
        .contains("\"phase\":\"SERVING\"", "\"addsUp\":true");
    assertThat(management.get("/drain?format=text").body())
        .isEqualTo("pod-1 SERVING ready connections=0 work=0\n");
    assertThat(management.get("/metrics").body()).isEqualTo("up 1\n");
  }

  @Test
  void requests_refused_sayWhy() throws IOException {
    assertThat(management.get("/nowhere").status()).isEqualTo(404);
    assertThat(management.get("/drain?format=xml"))
        .returns(400, Response::status)
        .returns("{\"error\":\"format: xml (expected: json or text)\"}\n", Response::body);
    assertThat(management.connect().send("POST /drain HTTP/1.1\r\nHost: localhost\r\n\r\n").read())
        .returns(401, Response::status)
        .extracting(Response::headers)
        .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.MAP)
        .containsEntry("www-authenticate", "Bearer realm=\"drain\"");
    assertThat(management.admin("PUT", "/drain"))
        .returns(405, Response::status)
        .returns("GET, POST, DELETE", response -> response.headers().get("allow"));
    assertThat(coordinator.phase()).isEqualTo(DrainPhase.SERVING);
  }

  @Test
  void head_ofAProbe_isAnsweredWithoutBody() throws IOException {
    RawClient client = management.connect().send("HEAD /livez HTTP/1.1\r\nHost: localhost\r\n\r\n");

    assertThat(client.status()).isEqualTo(200);
    assertThat(client.rest()).endsWith("\r\n\r\n");
  }

  @Test
  void probe_withABody_isAnswered() throws IOException {
    String head = "GET /readyz/?verbose HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\n";

    assertThat(management.connect().send(head + "body").read().status()).isEqualTo(200);
  }

  @Test
  void path_percentEncoded_isNoHook() throws IOException {
    assertThat(management.get("/hooks%2Fpre-stop").status()).isEqualTo(404);
    assertThat(management.get("/%68ooks/pre-stop").status()).isEqualTo(404);
    assertThat(coordinator.phase()).isEqualTo(DrainPhase.SERVING);
  }

  @Test
  void drain_byHand_endsAndIsRecalled() throws IOException {
    assertThat(management.admin("POST", "/drain/shed?count=1").body())
        .isEqualTo("{\"shedding\":0,\"connections\":0}\n");
    assertThat(management.admin("POST", "/drain").status()).isEqualTo(202);

    Response done = management.admin("POST", "/drain?wait=true&format=text");

    assertThat(done.status()).isEqualTo(200);
    assertThat(done.body()).startsWith("pod-1 DRAINED not-ready epoch=1 reasons=MANUAL");
    assertThat(management.get("/readyz").status()).isEqualTo(503);
    assertThat(management.get("/livez").status()).isEqualTo(200);
    assertThat(management.admin("POST", "/drain/shed?count=1").status()).isEqualTo(409);

    assertThat(management.admin("DELETE", "/drain").status()).isEqualTo(200);
    assertThat(management.get("/readyz").status()).isEqualTo(200);
    assertThat(management.admin("DELETE", "/drain"))
        .returns(409, Response::status)
        .returns(
            "{\"error\":\"resume: the phase is SERVING (expected: a drain to recall)\"}\n",
            Response::body);
  }

  @Test
  void connection_answered_isClosed() throws IOException {
    RawClient client = management.connect().get("/livez");

    assertThat(client.read().headers()).containsEntry("connection", "close");
    assertThat(client.ended()).isTrue();
  }

  @Test
  void oldClient_http10_isAnsweredAndClosed() throws IOException {
    RawClient client = management.connect();

    assertThat(client.send("GET /livez HTTP/1.0\r\n\r\n").read().status()).isEqualTo(200);
    assertThat(client.ended()).isTrue();
  }

  // ---------------------------------------------------------------- hooks

  @Test
  void postStart_starting_waitsUntilUp() throws IOException {
    DrainCoordinator starting = opened.add(DrainCoordinator.create(QUICK));
    DrainHttpServer port = opened.add(DrainHttpServer.start(starting, 0));
    RawClient hook = opened.add(new RawClient(port.port())).get("/hooks/post-start");
    try (RawClient probe = new RawClient(port.port())) {
      assertThat(probe.get("/startupz").read().status()).isEqualTo(503);
    }

    starting.started();

    assertThat(hook.read().status()).isEqualTo(200);
  }

  @Test
  void readyWhen_conditionHangs_isAnsweredInTime() throws IOException {
    DrainEndpoints endpoints =
        DrainEndpoints.of(coordinator)
            .readyWhen(
                "database",
                () -> new CompletableFuture<Boolean>().orTimeout(20, TimeUnit.SECONDS).join());
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    DrainHttpServer other = opened.add(DrainHttpServer.start(endpoints, address));
    try (RawClient probe = new RawClient(other.port())) {
      assertThat(probe.get("/readyz").read())
          .returns(503, Response::status)
          .returns("{\"error\":\"not ready: database does not answer\"}\n", Response::body);
    }
  }

  @Test
  void preStop_twice_bothAnsweredWhenDrained() throws IOException {
    RawClient first = management.connect().get("/hooks/pre-stop");
    RawClient second = management.connect().get("/hooks/pre-stop");

    assertThat(first.read().body()).contains("\"phase\":\"DRAINED\"");
    assertThat(second.read().body()).contains("\"phase\":\"DRAINED\"");
    assertThat(coordinator.report().epoch()).isEqualTo(1);
  }

  @Test
  void preStop_coordinatorClosed_isAnsweredAtOnce() throws IOException {
    start(
        QUICK.withGracePeriod(Duration.ofSeconds(2)).withStopMargin(Duration.ofSeconds(1)),
        "up 1\n");
    RawClient hook = management.connect().get("/hooks/pre-stop");
    Await.until(() -> coordinator.phase().draining());

    coordinator.close();

    Response answer = hook.read();
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.body()).startsWith("{\"error\":\"the coordinator was closed in ");
  }

  // ---------------------------------------------------------------- SIGTERM while a hook is open

  @Test
  void sigterm_hookStillOpen_isMetAsAbandonmentAndAnswered() throws IOException {
    start(LONG, "up 1\n");
    RawClient hook = management.connect().get("/hooks/pre-stop");
    Await.until(() -> coordinator.phase().draining());

    coordinator.drain(DrainReason.SIGTERM);

    assertThat(coordinator.stopBudget()).isEqualTo(LAST_NOTICE);
    assertThat(coordinator.report().compressed()).isTrue();
    Response answer = hook.read();
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.headers())
        .containsEntry("transfer-encoding", "chunked")
        .containsEntry("cache-control", "no-store")
        .containsEntry("content-type", "application/json");
    assertThat(answer.body()).startsWith("\n\n{").contains("\"phase\":\"DRAINED\"").endsWith("}\n");
    assertThat(hook.ended()).isTrue();
  }

  @Test
  void sigterm_severalHooksAsked_allAnswered() throws IOException {
    RawClient hook = management.connect().get("/hooks/pre-stop");
    Await.until(() -> coordinator.phase().draining());

    coordinator.drain(DrainReason.SIGTERM);
    coordinator.drain(DrainReason.SIGTERM);

    assertThat(hook.read().body()).contains("\"phase\":\"DRAINED\"");
  }

  enum Goodbye {
    CLOSE,
    RESET
  }

  @ParameterizedTest
  @EnumSource
  void sigterm_hookConnectionBroken_joinsWithWhatRemains(Goodbye goodbye) throws IOException {
    start(LONG, "up 1\n");
    RawClient hook = management.connect().get("/hooks/pre-stop");
    Await.until(() -> coordinator.phase().draining());

    switch (goodbye) {
      case CLOSE -> hook.close();
      case RESET -> hook.reset();
    }
    coordinator.drain(DrainReason.SIGTERM);

    assertThat(coordinator.stopBudget()).isGreaterThanOrEqualTo(LONG.stopMargin());
    assertThat(coordinator.report().compressed()).isFalse();
    assertThat(management.get("/drain?format=text").body())
        .contains("UNREADY")
        .contains("PRE_STOP,SIGTERM");
  }

  @Test
  void sigterm_oneHookBrokenAndOneOpen_isMetAsAbandonment() throws IOException {
    start(LONG, "up 1\n");
    RawClient broken = management.connect().get("/hooks/pre-stop");
    Await.until(() -> coordinator.phase().draining());
    RawClient open = management.connect().get("/hooks/pre-stop");
    Await.until(() -> coordinator.totals().triggers().get(DrainReason.PRE_STOP) == 2);

    broken.reset();
    coordinator.drain(DrainReason.SIGTERM);

    assertThat(coordinator.stopBudget()).isEqualTo(LAST_NOTICE);
    assertThat(open.read().body()).contains("\"phase\":\"DRAINED\"");
  }

  // ---------------------------------------------------------------- clients that misbehave

  @Test
  void probes_hooksWaitAndClientsStall_areAnsweredInTime() throws IOException {
    start(LONG, "up 1\n");
    for (int i = 0; i < Waits.PLACES; i++) {
      management.connect().get("/hooks/pre-stop");
    }
    for (int i = 0; i < 20; i++) {
      management.connect(); // says nothing
      management.connect().send("GET /liv");
      management.connect().send("GET /livez HTTP/1.1\r\nHost: loc");
      management
          .connect()
          .send("POST /drain HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nwithin");
    }

    for (int i = 0; i < 20; i++) {
      probeInTime();
    }
  }

  @Test
  void probes_clientsDoNotRead_areAnsweredInTime() throws IOException {
    start(LONG, "x".repeat(8 << 20));
    for (int i = 0; i < 20; i++) { // more than there are threads
      assertThat(management.connect().get("/metrics").status()).isEqualTo(200);
    }

    for (int i = 0; i < 20; i++) {
      probeInTime();
    }
  }

  @Test
  void probes_logHangsWhileClientsStall_areAnsweredInTime() throws Exception {
    try (HangingLog log = new HangingLog(DrainHttpServer.class)) {
      for (int i = 0; i < 100; i++) { // more than there are threads
        for (int half = 0; half < 3; half++) {
          management.connect().send("GET /livez HTTP/1.1\r\nHo");
        }
        server.cutStalled();
        probeInTime();
      }
      log.awaitHanging();
    }
  }

  @Test
  void probes_halfRequestsWithoutEnd_areAnsweredInTime() throws IOException {
    for (int i = 0; i < 40; i++) {
      for (int half = 0; half < 20; half++) {
        management.connect().send("GET /livez HTTP/1.1\r\nHo");
      }
      probeInTime();
    }
  }

  private void probeInTime() throws IOException {
    long before = System.nanoTime();
    try (RawClient probe = new RawClient(server.port())) {
      assertThat(probe.get("/livez").read().status()).isEqualTo(200);
    }
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(PROBE_TIMEOUT);
  }

  @Test
  void halfRequest_noHurry_mayBeFinished() throws IOException {
    RawClient client = management.connect().send("GET /livez HT");
    assertThat(management.get("/livez").status()).isEqualTo(200);

    assertThat(client.send("TP/1.1\r\nHost: localhost\r\n\r\n").read().status()).isEqualTo(200);
  }

  @Test
  void body_sent_isRefused() throws IOException {
    RawClient client =
        management
            .connect()
            .send(
                "POST /drain HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer secret\r\n"
                    + "Content-Length: 10\r\n\r\nwithin=10s");

    assertThat(client.read())
        .returns(400, Response::status)
        .returns(
            "{\"error\":\"body: present (expected: none; parameters belong in the query)\"}\n",
            Response::body);
    assertThat(coordinator.phase()).isEqualTo(DrainPhase.SERVING);
  }

  // ---------------------------------------------------------------- the server itself

  @Test
  void start_portTaken_namesIt() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      InetSocketAddress address = (InetSocketAddress) taken.getLocalSocketAddress();

      assertThatExceptionOfType(UncheckedIOException.class)
          .isThrownBy(() -> DrainHttpServer.start(DrainEndpoints.of(coordinator), address))
          .withMessageStartingWith("port: " + address.getPort() + " (expected: one that is free on")
          .withCauseInstanceOf(java.net.BindException.class);
    }
  }

  @Test
  void close_hookWaits_isAnsweredAndThePortIsFree() throws IOException {
    start(LONG, "up 1\n");
    int port = server.port();
    RawClient hook = management.connect().get("/hooks/pre-stop");
    Await.until(() -> coordinator.phase().draining());

    server.close();
    server.close();

    assertThat(hook.read())
        .returns(503, Response::status)
        .returns("{\"error\":\"the management server is closing\"}\n", Response::body);
    assertThat(hook.ended()).isTrue();
    // For a moment, a client of somebody else may have been given the port.
    Await.until("the port is free", () -> isFree(port));
  }

  private static boolean isFree(int port) {
    try (ServerSocket free = new ServerSocket()) {
      free.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void threads_whileOpen_areNamedDaemonsAndEndWithIt() throws IOException {
    RawClient hook = management.connect().get("/hooks/pre-stop");
    assertThat(hook.read().status()).isEqualTo(200);
    management.connect().send("GET /liv");
    Await.until(
        () -> threads().stream().anyMatch(thread -> thread.getName().startsWith("drain-http-")));

    assertThat(threads()).allMatch(Thread::isDaemon);
    server.close();

    Await.until(() -> threads().isEmpty());
  }

  private static List<Thread> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(Thread::isAlive)
        .filter(
            thread ->
                thread.getName().startsWith("drain-http")
                    || thread.getName().equals("HTTP-Dispatcher"))
        .toList();
  }
}
