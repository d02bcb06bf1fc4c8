package io.gracefuldrain.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.DrainPhase;
import io.gracefuldrain.DrainPolicy;
import io.gracefuldrain.DrainReason;
import io.gracefuldrain.http.DrainEndpoints;
import io.gracefuldrain.testing.Await;
import io.gracefuldrain.testing.ManagementClient;
import io.gracefuldrain.testing.Opened;
import io.gracefuldrain.testing.RawClient;
import io.gracefuldrain.testing.RawClient.Response;
import jakarta.servlet.ServletRegistration;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The endpoints in real servlet containers. */
@Timeout(30)
@Execution(ExecutionMode.CONCURRENT)
class DrainServletIT {
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

  private final Opened opened = new Opened();
  private DrainCoordinator coordinator;
  private ServletContainer.Running container;
  private ManagementClient management;

  private void start(ServletContainer kind, DrainPolicy policy, boolean async, String... mappings)
      throws Exception {
    coordinator = opened.add(DrainCoordinator.create(policy));
    start(kind, new DrainServlet(DrainEndpoints.of(coordinator, () -> "up 1\n")), async, mappings);
    coordinator.started();
  }

  private void start(ServletContainer kind, DrainServlet servlet, boolean async, String... mappings)
      throws Exception {
    startAt("", kind, servlet, async, mappings);
  }

  private void startAt(
      String contextPath,
      ServletContainer kind,
      DrainServlet servlet,
      boolean async,
      String... mappings)
      throws Exception {
    container =
        kind.startAt(
            contextPath,
            context -> {
              ServletRegistration.Dynamic drain = context.addServlet("drain", servlet);
              drain.addMapping(mappings);
              drain.setAsyncSupported(async);
            });
    management = opened.add(new ManagementClient(container.port(), "secret"));
  }

  @AfterEach
  void closeAll() throws Exception {
    opened.closeAll();
    container.stop();
  }

  @ParameterizedTest
  @CsvSource({
    "JETTY,/*,",
    "JETTY,/manage/*,/manage",
    "JETTY,/,",
    "TOMCAT,/*,",
    "TOMCAT,/manage/*,/manage",
    "TOMCAT,/,"
  })
  void everyPath_mapped_isAnswered(ServletContainer kind, String mapping, String prefix)
      throws Exception {
    String at = prefix == null ? "" : prefix;
    start(kind, QUICK, true, mapping);

    for (String path : List.of("/livez", "/readyz", "/startupz", "/hooks/post-start")) {
      Response response = management.get(at + path);
      assertThat(response.status()).as(path).isEqualTo(200);
      assertThat(response.body()).isEqualTo("{\"phase\":\"SERVING\",\"ready\":true}\n");
      assertThat(response.headers())
          .containsEntry("cache-control", "no-store")
          .extractingByKey("content-type")
          .asString()
          .startsWith("application/json");
    }
    assertThat(management.get(at + "/metrics").body()).isEqualTo("up 1\n");
    assertThat(management.get(at + "/drain?format=text").body())
        .isEqualTo("pod-1 SERVING ready connections=0 work=0\n");
    assertThat(management.get(at + "/drain?format=xml").body())
        .isEqualTo("{\"error\":\"format: xml (expected: json or text)\"}\n");
    assertThat(management.get(at + "/nowhere").status()).isEqualTo(404);
    assertThat(management.admin("PUT", at + "/drain"))
        .returns(405, Response::status)
        .returns("GET, POST, DELETE", response -> response.headers().get("allow"));
    assertThat(
            management
                .connect()
                .send("POST " + at + "/drain HTTP/1.1\r\nHost: localhost\r\n\r\n")
                .read()
                .status())
        .isEqualTo(401);
    assertThat(management.admin("POST", at + "/drain/shed?fraction=0.5").status()).isEqualTo(202);
    assertThat(management.admin("POST", at + "/drain?within=1s").status()).isEqualTo(202);
    assertThat(management.get(at + "/readyz").status()).isEqualTo(503);
    assertThat(management.admin("POST", at + "/drain?wait=true").body())
        .contains("\"phase\":\"DRAINED\"");
    assertThat(management.admin("DELETE", at + "/drain").status()).isEqualTo(200);
    assertThat(management.get(at + "/hooks/pre-stop").body()).contains("\"phase\":\"DRAINED\"");
  }

  @ParameterizedTest
  @CsvSource({"JETTY,/*", "TOMCAT,/*", "JETTY,/manage/*", "TOMCAT,/manage/*"})
  void path_thatTheContainerNormalized_hasNoRoute(ServletContainer kind, String mapping)
      throws Exception {
    start(kind, QUICK, true, mapping);
    String at = mapping.substring(0, mapping.length() - 2);

    for (String path : List.of("/open/../drain", "/open/%2e%2e/drain", "/./drain")) {
      assertThat(
              management
                  .connect()
                  .send("GET " + at + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
                  .read()
                  .status())
          .as(path)
          .isBetween(400, 404);
    }
    assertThat(management.get(at + "/drain").status()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({
    "JETTY,/app,/app",
    "TOMCAT,/app,/app",
    "JETTY,/my app,/my%20app",
    "TOMCAT,/my app,/my%20app",
    "JETTY,/\u0447\u0430\u0442,/%D1%87%D0%B0%D1%82",
    "TOMCAT,/\u0447\u0430\u0442,/%d1%87%d0%b0%d1%82",
  })
  void path_inAContext_isAnsweredAsItsUrlIsWritten(
      ServletContainer kind, String contextPath, String written) throws Exception {
    coordinator = opened.add(DrainCoordinator.create(QUICK));
    DrainServlet servlet = new DrainServlet(DrainEndpoints.of(coordinator, () -> "up 1\n"));
    startAt(contextPath, kind, servlet, true, "/manage/*");
    coordinator.started();

    assertThat(management.get(written + "/manage/livez").status()).isEqualTo(200);
    assertThat(management.get(written + "/manage/%6civez").status()).isEqualTo(404);
  }

  @ParameterizedTest
  @EnumSource
  void mapping_exactPaths_areAnswered(ServletContainer kind) throws Exception {
    start(kind, QUICK, true, "/livez", "/hooks/pre-stop");

    assertThat(management.get("/livez").status()).isEqualTo(200);
    assertThat(management.get("/hooks/pre-stop").body()).contains("\"phase\":\"DRAINED\"");
  }

  @ParameterizedTest
  @EnumSource
  void head_ofAProbe_isAnsweredWithoutBody(ServletContainer kind) throws Exception {
    start(kind, QUICK, true, "/*");
    RawClient client =
        management
            .connect()
            .send("HEAD /livez HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

    assertThat(client.status()).isEqualTo(200);
    assertThat(client.rest()).endsWith("\r\n\r\n");
  }

  @ParameterizedTest
  @EnumSource
  void path_thatHadToBeDecoded_isNoHook(ServletContainer kind) throws Exception {
    start(kind, QUICK, true, "/manage/*");

    assertThat(management.get("/manage/%68ooks/pre-stop").status()).isEqualTo(404);
    assertThat(management.get("/manage/hooks;x=1/pre-stop").status()).isBetween(400, 404);
    assertThat(coordinator.phase()).isEqualTo(DrainPhase.SERVING);
    assertThat(management.get("/manage/readyz?verbose").status()).isEqualTo(200);
  }

  @ParameterizedTest
  @EnumSource
  void probes_manyHooksWait_areAnswered(ServletContainer kind) throws Exception {
    start(kind, LONG, true, "/*");
    List<RawClient> hooks = new ArrayList<>();
    for (int i = 0; i < 40; i++) { // more than there are threads
      hooks.add(management.connect().get("/hooks/pre-stop"));
    }
    Await.until(() -> coordinator.totals().triggers().get(DrainReason.PRE_STOP) == 40);

    for (int i = 0; i < 10; i++) {
      assertThat(management.get("/livez").status()).isEqualTo(200);
    }
    coordinator.drain(DrainReason.MANUAL).within(Duration.ZERO);

    for (RawClient hook : hooks) {
      assertThat(hook.read().body()).contains("\"phase\":\"DRAINED\"");
      assertThat(hook.get("/livez").read().status())
          .as("the next on the connection")
          .isEqualTo(200);
    }
  }

  @ParameterizedTest
  @EnumSource
  void postStart_starting_waitsUntilUp(ServletContainer kind) throws Exception {
    coordinator = opened.add(DrainCoordinator.create(QUICK));
    start(kind, new DrainServlet(coordinator), true, "/*");
    RawClient hook = management.connect().get("/hooks/post-start");
    assertThat(management.get("/startupz").status()).isEqualTo(503);
    assertThat(management.get("/metrics").status()).isEqualTo(404);

    coordinator.started();

    assertThat(hook.read().status()).isEqualTo(200);
  }

  @ParameterizedTest
  @EnumSource
  void preStop_coordinatorClosed_isAnsweredAtOnce(ServletContainer kind) throws Exception {
    start(
        kind,
        QUICK.withGracePeriod(Duration.ofSeconds(2)).withStopMargin(Duration.ofSeconds(1)),
        true,
        "/*");
    RawClient hook = management.connect().get("/hooks/pre-stop");
    Await.until(() -> coordinator.phase().draining());

    coordinator.close();

    assertThat(hook.read())
        .returns(503, Response::status)
        .returns(
            "{\"error\":\"the coordinator was closed in UNREADY (expected: once the drain is"
                + " over)\"}\n",
            Response::body);
  }

  @ParameterizedTest
  @EnumSource
  void sigterm_hookStillOpen_isMetAsAbandonmentAndAnswered(ServletContainer kind) throws Exception {
    start(kind, LONG, true, "/*");
    RawClient hook = management.connect().get("/hooks/pre-stop");
    Await.until(() -> coordinator.phase().draining());

    coordinator.drain(DrainReason.SIGTERM);

    assertThat(coordinator.stopBudget()).isEqualTo(Duration.ofSeconds(1));
    Response answer = hook.read();
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.headers()).containsEntry("cache-control", "no-store");
    assertThat(answer.body()).startsWith("\n\n{").contains("\"phase\":\"DRAINED\"").endsWith("}\n");
  }

  @ParameterizedTest
  @CsvSource({"JETTY,true", "JETTY,false", "TOMCAT,true", "TOMCAT,false"})
  void sigterm_hookConnectionBroken_joinsWithWhatRemains(ServletContainer kind, boolean reset)
      throws Exception {
    start(kind, LONG, true, "/*");
    RawClient hook = management.connect().get("/hooks/pre-stop");
    Await.until(() -> coordinator.phase().draining());

    if (reset) {
      hook.reset();
    } else {
      hook.close();
    }
    coordinator.drain(DrainReason.SIGTERM);

    assertThat(coordinator.stopBudget()).isGreaterThanOrEqualTo(LONG.stopMargin());
    assertThat(coordinator.report().compressed()).isFalse();
    assertThat(management.get("/drain?format=text").body())
        .contains("UNREADY")
        .contains("PRE_STOP,SIGTERM");
    // Nothing of the broken one is left behind for the next requests.
    for (int i = 0; i < 20; i++) {
      assertThat(management.get("/livez").status()).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @EnumSource
  void preStop_containerStops_endsWithIt(ServletContainer kind) throws Exception {
    start(kind, LONG, true, "/*");
    RawClient hook = management.connect().get("/hooks/pre-stop");
    Await.until(() -> coordinator.phase().draining());

    container.stop();

    assertThat(hook.ended()).isTrue();
    assertThat(coordinator.phase()).isEqualTo(DrainPhase.UNREADY);
  }

  @ParameterizedTest
  @EnumSource
  void everything_notAsync_saysWhatIsMissing(ServletContainer kind) throws Exception {
    start(kind, QUICK, false, "/*");

    for (String path : List.of("/livez", "/hooks/pre-stop")) {
      assertThat(management.get(path))
          .returns(500, Response::status)
          .returns(
              "{\"error\":\"async: not supported (expected: asyncSupported for the servlet and its"
                  + " filters)\"}\n",
              Response::body);
    }
    assertThat(coordinator.phase()).isEqualTo(DrainPhase.SERVING);
  }
}
