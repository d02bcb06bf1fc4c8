package io.gracefuldrain.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.DrainPhase;
import io.gracefuldrain.DrainPolicy;
import io.gracefuldrain.DrainReason;
import io.gracefuldrain.DrainReport;
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
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Requests in flight through a drain, in real servlet containers. */
@Timeout(30)
@Execution(ExecutionMode.CONCURRENT)
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
  private UnaryOperator<DrainFilter> filter = plain -> plain;
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
    FilterRegistration.Dynamic registered =
        context.addFilter("drain-filter", filter.apply(new DrainFilter(coordinator)));
    // Twice, and for every dispatch: it counts a request once.
    registered.addMappingForUrlPatterns(EnumSet.allOf(DispatcherType.class), false, "/*");
    registered.addMappingForUrlPatterns(EnumSet.allOf(DispatcherType.class), false, "/hold");
    registered.setAsyncSupported(true);
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
        coordinator.drain(DrainReason.MANUAL).done().toCompletableFuture();
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
    assertThat(coordinator.report().oldestWork().work()).isEqualTo("GET /*");

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
  @CsvSource({"JETTY,UNREADY", "JETTY,MOVING", "TOMCAT,UNREADY", "TOMCAT,MOVING"})
  void request_keptConnection_isServedAndToldToGo(ServletContainer kind, DrainPhase phase)
      throws Exception {
    start(kind, delayed(phase).withMoveWindow(Duration.ofSeconds(20)));
    RawClient kept = management.connect();
    assertThat(kept.get("/quick").read().headers()).doesNotContainEntry("connection", "close");
    CompletableFuture<DrainReport> done =
        coordinator.drain(DrainReason.MANUAL).done().toCompletableFuture();
    Await.until(() -> coordinator.phase() == phase);

    Response served = kept.get("/quick").read();

    assertThat(served.body()).isEqualTo("done");
    assertThat(served.headers()).containsEntry("connection", "close");
    assertThat(kept.ended()).isTrue();
    // Nobody comes any more, long before the window is over.
    assertThat(done.get(15, TimeUnit.SECONDS).phases().get(DrainPhase.MOVING))
        .isLessThan(Duration.ofSeconds(15));
  }

  @ParameterizedTest
  @EnumSource
  void requests_ofAPoolOfKeptConnections_areAllToldToGoAndNeverRefused(ServletContainer kind)
      throws Exception {
    start(kind, POLICY.withMoveWindow(Duration.ofSeconds(20)));
    int connections = 20;
    CountDownLatch kept = new CountDownLatch(connections);
    ExecutorService clients = Executors.newFixedThreadPool(connections);
    try {
      List<Future<Response>> last = new ArrayList<>();
      for (int i = 0; i < connections; i++) {
        last.add(clients.submit(() -> askUntilToldToGo(kept)));
      }
      assertThat(kept.await(10, TimeUnit.SECONDS)).isTrue();

      coordinator.drain(DrainReason.MANUAL);

      for (Future<Response> answer : last) {
        Response told = answer.get(15, TimeUnit.SECONDS);
        assertThat(told.status()).isEqualTo(200);
        assertThat(told.headers()).containsEntry("connection", "close");
      }
    } finally {
      clients.shutdownNow();
    }
  }

  /** Asks every 100 ms over one connection, as a pool does, and returns the last answer. */
  private Response askUntilToldToGo(CountDownLatch kept) throws IOException {
    try (RawClient client = new RawClient(container.port())) {
      Response answer = client.get("/quick").read();
      kept.countDown();
      while (answer.status() == 200 && !"close".equals(answer.headers().get("connection"))) {
        LockSupport.parkNanos(100_000_000);
        if (Thread.currentThread().isInterrupted()) {
          throw new IOException("never told to go");
        }
        answer = client.get("/quick").read();
      }
      return answer;
    }
  }

  private static DrainPolicy delayed(DrainPhase phase) {
    return phase == DrainPhase.UNREADY
        ? POLICY
            .withReadinessDelayMax(Duration.ofSeconds(2))
            .withReadinessDelayMin(Duration.ofSeconds(2))
        : POLICY;
  }

  @ParameterizedTest
  @EnumSource
  void http2Client_isServedAndToldToGo(ServletContainer kind) throws Exception {
    filter = plain -> plain.telling(request -> container.sendAway(request));
    startWithHttp2(kind);
    try (Http2Client client = new Http2Client(container.port())) {
      assertThat(client.get("/quick")).isEqualTo("done");
      assertThat(client.toldToGo()).isFalse();
      coordinator.drain(DrainReason.MANUAL);
      Await.until(() -> coordinator.phase() == DrainPhase.MOVING);

      assertThat(client.get("/quick")).isEqualTo("done");

      assertThat(client.toldToGo()).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource
  void http2Client_whoCannotBeTold_isServedAllTheSame(ServletContainer kind) throws Exception {
    filter =
        plain ->
            plain.telling(
                request -> {
                  throw new IllegalStateException("as asked");
                });
    startWithHttp2(kind);
    try (Http2Client client = new Http2Client(container.port())) {
      coordinator.drain(DrainReason.MANUAL);
      Await.until(() -> coordinator.phase() == DrainPhase.MOVING);

      assertThat(client.get("/quick")).isEqualTo("done");
      assertThat(client.get("/quick")).isEqualTo("done");
    }
  }

  private void startWithHttp2(ServletContainer kind) throws Exception {
    coordinator = DrainCoordinator.create(POLICY.withMoveWindow(Duration.ofSeconds(20)));
    coordinator.work().tryBegin("a request").close();
    container = kind.startWithHttp2(this::setUp);
    management = new ManagementClient(container.port(), "none");
    coordinator.started();
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
  void postAcceptingEvents_isCountedAndRefused(ServletContainer kind) throws Exception {
    start(kind);
    String accept = "Accept: application/json, text/event-stream";
    String request =
        "POST /hold HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n" + accept + "\r\n\r\n";
    RawClient before = management.connect().send(request);
    Await.until(() -> inFlight() == 1);

    CompletableFuture<DrainReport> done = drain();
    assertThat(done).isNotDone();
    assertThat(management.connect().send(request).read().status()).isEqualTo(503);

    application.released.complete(null);
    assertThat(before.read().status()).isEqualTo(200);
    assertThat(done.get(10, TimeUnit.SECONDS).workAbandoned()).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void exemptRequest_isNeitherCountedNorRefusedNorClosed(ServletContainer kind) throws Exception {
    filter = plain -> plain.exempting(request -> request.getRequestURI().startsWith("/quick"));
    start(kind);
    drain().get(10, TimeUnit.SECONDS);

    Response live = management.get("/quick");

    assertThat(live.status()).isEqualTo(200);
    assertThat(live.headers()).doesNotContainEntry("connection", "close");
    assertThat(management.get("/fail").status()).isEqualTo(503);
  }

  @ParameterizedTest
  @EnumSource
  void name_ofARequest_hasNoPartOfThePathUnlessAsked(ServletContainer kind) throws Exception {
    start(kind);
    management.connect().get("/hold;jsessionid=5F3A?token=t");
    Await.until(() -> inFlight() == 1);

    assertThat(coordinator.report().toJson()).contains("GET /*").doesNotContain("5F3A", "/hold");
  }

  @ParameterizedTest
  @EnumSource
  void name_asGiven_isShown(ServletContainer kind) throws Exception {
    filter = plain -> plain.naming(request -> request.getMethod() + " of an order");
    start(kind);
    management.connect().get("/hold");
    Await.until(() -> inFlight() == 1);

    assertThat(coordinator.report().oldestWork().work()).isEqualTo("GET of an order");
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
    protected void doPost(HttpServletRequest request, HttpServletResponse response)
        throws ServletException, IOException {
      doGet(request, response);
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
