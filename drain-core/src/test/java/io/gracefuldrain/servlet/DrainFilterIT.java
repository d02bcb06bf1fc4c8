package io.gracefuldrain.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.DrainPhase;
import io.gracefuldrain.DrainPolicy;
import io.gracefuldrain.DrainReason;
import io.gracefuldrain.DrainReport;
import io.gracefuldrain.StayingConnection;
import io.gracefuldrain.testing.Await;
import io.gracefuldrain.testing.ManagementClient;
import io.gracefuldrain.testing.RawClient;
import io.gracefuldrain.testing.RawClient.Response;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRegistration;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Requests in flight through a drain, in real servlet containers. */
@Timeout(30)
class DrainFilterIT {
  private static final DrainPolicy POLICY =
      DrainPolicy.defaults()
          .withPod("pod-1")
          .withReadinessDelayMin(Duration.ZERO)
          .withReadinessDelayMax(Duration.ZERO)
          .withHintGrace(Duration.ZERO)
          .withMoveWindow(Duration.ofMillis(100))
          .withSettleGrace(Duration.ofSeconds(20))
          .withReceipt(DrainPolicy.Receipt.LOG)
          .withGracePeriod(Duration.ofSeconds(60))
          .withTerminationLog("");

  private final Application application = new Application();
  private DrainCoordinator coordinator;
  private ServletContainer.Running container;
  private ManagementClient management;

  private void start(ServletContainer kind) throws Exception {
    start(kind, POLICY);
  }

  private void start(ServletContainer kind, DrainPolicy policy) throws Exception {
    coordinator = DrainCoordinator.create(policy);
    container = kind.start(this::setUp);
    management = new ManagementClient(container.port(), "none");
    coordinator.started();
  }

  private void setUp(ServletContext context) {
    FilterRegistration.Dynamic filter =
        context.addFilter("drain-filter", new DrainFilter(coordinator));
    // Twice, and for every dispatch: it counts a request once.
    filter.addMappingForUrlPatterns(EnumSet.allOf(DispatcherType.class), false, "/*");
    filter.addMappingForUrlPatterns(EnumSet.allOf(DispatcherType.class), false, "/hold");
    filter.setAsyncSupported(true);
    ServletRegistration.Dynamic drain = context.addServlet("drain", new DrainServlet(coordinator));
    drain.addMapping("/manage/*");
    drain.setAsyncSupported(true);
    ServletRegistration.Dynamic app = context.addServlet("application", application);
    app.addMapping("/*");
    app.setAsyncSupported(true);
  }

  @AfterEach
  void closeAll() throws Exception {
    application.released.complete(null);
    management.close();
    coordinator.close();
    container.stop();
  }

  private int inFlight() {
    return coordinator.work().inFlight();
  }

  private CompletableFuture<DrainReport> drain() {
    CompletableFuture<DrainReport> done =
        coordinator.drain(DrainReason.MANUAL).toCompletableFuture();
    Await.until(() -> coordinator.phase() == DrainPhase.SETTLING || done.isDone());
    return done;
  }

  // ---------------------------------------------------------------- what is counted

  @ParameterizedTest
  @EnumSource
  void request_inFlight_holdsTheDrainUntilItIsAnswered(ServletContainer kind) throws Exception {
    start(kind);
    RawClient working = management.connect().get("/hold?customer=7");
    Await.until(() -> inFlight() == 1);

    CompletableFuture<DrainReport> done = drain();
    assertThat(done).isNotDone();
    assertThat(coordinator.report().oldestWork().work()).isEqualTo("GET /hold");

    application.released.complete(null);

    assertThat(working.read().body()).isEqualTo("done");
    assertThat(done.get(10, TimeUnit.SECONDS).workAbandoned()).isZero();
    assertThat(inFlight()).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void request_sealed_isSentAwayUntilRecalled(ServletContainer kind) throws Exception {
    start(kind);
    drain().get(10, TimeUnit.SECONDS);

    RawClient client = management.connect();
    Response refused = client.get("/quick").read();

    assertThat(refused.status()).isEqualTo(503);
    assertThat(refused.headers())
        .containsEntry("retry-after", "1")
        .containsEntry("connection", "close")
        .containsEntry("cache-control", "no-store");
    assertThat(refused.body()).isEqualTo("{\"error\":\"this pod is draining\"}\n");
    assertThat(client.ended()).isTrue();

    coordinator.resume();

    Response served = management.get("/quick");
    assertThat(served.status()).isEqualTo(200);
    assertThat(served.headers()).doesNotContainEntry("connection", "close");
  }

  @ParameterizedTest
  @EnumSource
  void request_whileMoving_isServedAndItsConnectionClosed(ServletContainer kind) throws Exception {
    start(kind, POLICY.withMoveWindow(Duration.ofSeconds(20)));
    coordinator.register(new StayingConnection("staying"));
    RawClient kept = management.connect();
    assertThat(kept.get("/quick").read().headers()).doesNotContainEntry("connection", "close");
    coordinator.drain(DrainReason.MANUAL);
    Await.until(() -> coordinator.phase() == DrainPhase.MOVING);

    Response served = kept.get("/quick").read();

    assertThat(served.body()).isEqualTo("done");
    assertThat(served.headers()).containsEntry("connection", "close");
    assertThat(kept.ended()).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void request_failing_isCountedNoMore(ServletContainer kind) throws Exception {
    start(kind);

    assertThat(management.get("/fail").status()).isEqualTo(500);

    Await.until(() -> inFlight() == 0);
    assertThat(drain().get(10, TimeUnit.SECONDS).workAbandoned()).isZero();
  }

  // ---------------------------------------------------------------- asynchronous requests

  @ParameterizedTest
  @CsvSource({"JETTY,/async", "JETTY,/async-again", "TOMCAT,/async", "TOMCAT,/async-again"})
  void asyncRequest_notComplete_isCountedOnce(ServletContainer kind, String path) throws Exception {
    start(kind);
    RawClient working = management.connect().get(path);
    AsyncContext async = application.asyncs.poll(10, TimeUnit.SECONDS);
    assertThat(inFlight()).isEqualTo(1);
    CompletableFuture<DrainReport> done = drain();
    assertThat(done).isNotDone();

    async.getResponse().getOutputStream().print("done");
    async.complete();

    assertThat(working.read().body()).isEqualTo("done");
    assertThat(done.get(10, TimeUnit.SECONDS).workAbandoned()).isZero();
    Await.until(() -> inFlight() == 0);
  }

  @ParameterizedTest
  @CsvSource({
    "JETTY,/async-timeout",
    "JETTY,/async-fail",
    "TOMCAT,/async-timeout",
    "TOMCAT,/async-fail"
  })
  void asyncRequest_endingBadly_isCountedNoMore(ServletContainer kind, String path)
      throws Exception {
    start(kind);

    assertThat(management.get(path).status()).isEqualTo(500);

    Await.until(() -> inFlight() == 0);
    assertThat(drain().get(10, TimeUnit.SECONDS).workAbandoned()).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void asyncRequest_completedAtOnce_isCountedNoMore(ServletContainer kind) throws Exception {
    start(kind);

    for (int i = 0; i < 50; i++) {
      assertThat(management.get("/async-at-once").body()).isEqualTo("done");
    }

    Await.until(() -> inFlight() == 0);
  }

  // ---------------------------------------------------------------- what is not counted

  /** Requests that a test must end. */
  enum Endless {
    EVENTS("Accept: text/event-stream"),
    EVENTS_AMONG_OTHERS("Accept: text/html, TEXT/Event-Stream;q=0.9"),
    UPGRADE("Connection: Upgrade\r\nUpgrade: websocket");

    private final String headers;

    Endless(String headers) {
      this.headers = headers;
    }
  }

  @ParameterizedTest
  @CsvSource({
    "JETTY,EVENTS",
    "JETTY,EVENTS_AMONG_OTHERS",
    "JETTY,UPGRADE",
    "TOMCAT,EVENTS",
    "TOMCAT,EVENTS_AMONG_OTHERS",
    "TOMCAT,UPGRADE"
  })
  void endlessRequest_draining_isNeitherWaitedForNorRefused(ServletContainer kind, Endless endless)
      throws Exception {
    start(kind);
    String request = "GET /hold HTTP/1.1\r\nHost: localhost\r\n" + endless.headers + "\r\n\r\n";
    RawClient before = management.connect().send(request);
    Await.until(() -> application.held() == 1);

    assertThat(inFlight()).isZero();
    assertThat(drain().get(10, TimeUnit.SECONDS).workAbandoned()).isZero();
    RawClient after = management.connect().send(request);
    Await.until(() -> application.held() == 2);

    application.released.complete(null);
    assertThat(before.read().status()).isEqualTo(200);
    assertThat(after.read().status()).isEqualTo(200);
  }

  @ParameterizedTest
  @EnumSource
  void request_thatCouldSpeakHttp2_isCounted(ServletContainer kind) throws Exception {
    start(kind);
    String offer =
        "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAEAAEAA";
    management.connect().send("GET /hold HTTP/1.1\r\nHost: localhost\r\n" + offer + "\r\n\r\n");

    Await.until(() -> inFlight() == 1);
  }

  @ParameterizedTest
  @EnumSource
  void drainServlet_sameContext_isNotWhatTheDrainWaitsFor(ServletContainer kind) throws Exception {
    start(kind);
    RawClient hook = management.connect().get("/manage/hooks/pre-stop");
    Await.until(() -> coordinator.phase().draining());
    assertThat(inFlight()).isZero();

    // The settle grace is longer than this test may take.
    assertThat(hook.read().body()).contains("\"phase\":\"DRAINED\"", "\"workAbandoned\":0");
    assertThat(management.get("/manage/livez").status()).isEqualTo(200);
    assertThat(management.get("/quick").status()).isEqualTo(503);
  }

  /** The ways in which an application may treat a request. */
  private static final class Application extends HttpServlet {
    private static final long serialVersionUID = 1L;

    final transient CompletableFuture<Void> released = new CompletableFuture<>();
    final transient BlockingQueue<AsyncContext> asyncs = new LinkedBlockingQueue<>();

    int held() {
      return released.getNumberOfDependents();
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
        throws ServletException, IOException {
      switch (request.getPathInfo()) {
        case "/quick" -> response.getOutputStream().print("done");
        case "/hold" -> {
          released.thenRun(() -> {}).orTimeout(20, TimeUnit.SECONDS).join();
          response.getOutputStream().print("done");
        }
        case "/fail" -> throw new ServletException("as asked");
        case "/async" -> asyncs.add(request.startAsync());
        case "/async-again" -> {
          AsyncContext async = request.startAsync();
          if (request.getDispatcherType() == DispatcherType.ASYNC) {
            asyncs.add(async);
          } else {
            async.dispatch();
          }
        }
        case "/async-at-once" -> {
          AsyncContext async = request.startAsync();
          response.getOutputStream().print("done");
          Thread other = new Thread(async::complete, "other");
          other.start();
        }
        case "/async-timeout" -> request.startAsync().setTimeout(100);
        case "/async-fail" -> {
          request.startAsync();
          throw new ServletException("as asked");
        }
        default -> response.setStatus(404);
      }
    }
  }
}
