package io.gracefuldrain.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.DrainPhase;
import io.gracefuldrain.DrainPolicy;
import io.gracefuldrain.DrainReason;
import io.gracefuldrain.Logged;
import io.gracefuldrain.StayingConnection;
import io.gracefuldrain.testing.Await;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** All that decides an answer at once. Later answers are tested over real sockets. */
class DrainEndpointsTest {
  private static final String TOKEN = "open-sesame";
  private static final Map<String, String> ADMIN = Map.of("Authorization", "Bearer " + TOKEN);

  private final List<Waiting> bounds = new ArrayList<>();
  private DrainCoordinator coordinator = coordinator(policy().withAdminToken(TOKEN));
  private DrainEndpoints endpoints = endpoints(null);

  /** A request that waits, with its end. */
  private record Waiting(CompletableFuture<Answer> request, Duration after, Runnable late) {
    void timeIsUp() {
      late.run();
    }
  }

  @AfterEach
  void close() {
    coordinator.close();
  }

  private static DrainPolicy policy() {
    return DrainPolicy.defaults()
        .withPod("pod-1")
        .withReceipt(DrainPolicy.Receipt.LOG)
        .withTerminationLog("");
  }

  private static DrainCoordinator coordinator(DrainPolicy policy) {
    return DrainCoordinator.create(policy);
  }

  private DrainEndpoints endpoints(Supplier<String> metrics) {
    return new DrainEndpoints(
        coordinator,
        metrics,
        (request, after, late) -> bounds.add(new Waiting(request, after, late)));
  }

  private void withoutToken() {
    coordinator.close();
    coordinator = coordinator(policy());
    endpoints = endpoints(null);
  }

  private void withHookHeader() {
    coordinator.close();
    coordinator = coordinator(policy().withHookHeader("X-Drain: let me"));
    endpoints = endpoints(null);
  }

  private CompletableFuture<Answer> ask(
      String method,
      String path,
      String query,
      Map<String, String> headers,
      BooleanSupplier stillThere) {
    return endpoints
        .handle(new Request(method, path, query, headers::get, stillThere))
        .toCompletableFuture();
  }

  private Answer answer(String method, String path, String query, Map<String, String> headers) {
    CompletableFuture<Answer> answer = ask(method, path, query, headers, () -> true);
    assertThat(answer).isCompleted();
    assertThat(answer.join().headers()).containsEntry("Cache-Control", "no-store");
    return answer.join();
  }

  private Answer get(String path) {
    return answer("GET", path, null, Map.of());
  }

  private Answer post(String path, String query) {
    return answer("POST", path, query, ADMIN);
  }

  // ---------------------------------------------------------------- probes

  @Test
  void paths_areThoseThatHaveAnAnswer() {
    assertThat(endpoints.paths())
        .containsExactlyInAnyOrder(
            "/livez",
            "/readyz",
            "/startupz",
            "/hooks/post-start",
            "/hooks/pre-stop",
            "/drain",
            "/drain/shed");
    assertThat(endpoints(() -> "").paths()).contains("/metrics");
  }

  @Test
  void probes_starting_onlyLive() {
    assertThat(get("/livez").status()).isEqualTo(200);
    assertError(get("/startupz"), 503, "not started");
    assertError(get("/readyz"), 503, "not ready: the phase is STARTING");
  }

  @Test
  void probes_serving_allGood() {
    coordinator.started();

    for (String probe : List.of("/livez", "/readyz", "/startupz")) {
      assertThat(get(probe))
          .isEqualTo(Answer.json(200, "{\"phase\":\"SERVING\",\"ready\":true}"))
          .returns("application/json", Answer::contentType);
    }
  }

  @Test
  void probes_drainingByHand_liveButNotReady() {
    coordinator.started();
    coordinator.drain(DrainReason.MANUAL);

    assertThat(get("/livez").status()).isEqualTo(200);
    assertThat(get("/startupz").status()).isEqualTo(200);
    assertError(get("/readyz"), 503, "not ready: the phase is UNREADY");
  }

  @Test
  void probes_closed_notLive() {
    coordinator.started();
    coordinator.close();

    assertError(get("/livez"), 503, "the coordinator is closed");
    assertThat(get("/readyz").status()).isEqualTo(503);
  }

  // ---------------------------------------------------------------- what is refused

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/LIVEZ",
        "/livez//",
        "/hooks",
        "/hooks%2Fpre-stop",
        "/hooks/pre-stop/",
        "/drain/",
        "/metrics",
        "*"
      })
  void handle_unknownPath_notFound(String path) {
    assertError(
        get(path),
        404,
        "path: "
            + path
            + " (expected: one of /livez, /readyz, /startupz, /hooks/post-start,"
            + " /hooks/pre-stop, /drain, /drain/shed)");
  }

  @ParameterizedTest
  @CsvSource({
    "POST,/livez,GET",
    "HEAD,/hooks/pre-stop,GET",
    "DELETE,/startupz,GET",
    "POST,/hooks/post-start,GET",
    "POST,/hooks/pre-stop,GET",
    "PUT,/drain,'GET, POST, DELETE'",
    "GET,/drain/shed,POST",
    "get,/livez,GET"
  })
  void handle_wrongMethod_saysWhichIsAllowed(String method, String path, String allowed) {
    Answer answer = answer(method, path, null, ADMIN);

    assertError(
        answer, 405, "method: " + method + " (expected: " + allowed.replace(", ", " or ") + ")");
    assertThat(answer.headers()).containsEntry("Allow", allowed);
  }

  @ParameterizedTest
  @CsvSource({"POST,/drain", "DELETE,/drain", "POST,/drain/shed"})
  void handle_noTokenConfigured_isForbidden(String method, String path) {
    withoutToken();

    assertError(
        answer(method, path, null, ADMIN),
        403,
        method + " " + path + " is off: no admin token (expected: DRAIN_ADMIN_TOKEN to be set)");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "POST,/drain,`Bearer open-sesam`,a wrong token",
        "POST,/drain,`Bearer open-sesame!`,a wrong token",
        "POST,/drain,`Bearer `,a wrong token",
        "DELETE,/drain,`Bearer OPEN-SESAME`,a wrong token",
        "POST,/drain/shed,`Basic open-sesame`,no bearer token",
        "POST,/drain/shed,`open-sesame`,no bearer token",
        "POST,/drain,``,no bearer token"
      })
  void handle_wrongToken_isUnauthorized(String method, String path, String given, String problem) {
    coordinator.started();

    Answer answer = answer(method, path, null, Map.of("Authorization", given));

    assertError(
        answer, 401, "Authorization: " + problem + " (expected: Bearer and the admin token)");
    assertThat(answer.headers()).containsEntry("WWW-Authenticate", "Bearer realm=\"drain\"");
    assertThat(coordinator.phase()).isEqualTo(DrainPhase.SERVING);
  }

  @Test
  void handle_noToken_isUnauthorized() {
    assertError(
        answer("POST", "/drain", null, Map.of()),
        401,
        "Authorization: none (expected: Bearer and the admin token)");
  }

  @Test
  void handle_schemeInLowerCase_isTaken() {
    assertThat(answer("POST", "/drain", null, Map.of("Authorization", "bearer " + TOKEN)).status())
        .isEqualTo(202);
  }

  @ParameterizedTest
  @CsvSource({"Content-Length,10", "Transfer-Encoding,chunked"})
  void handle_body_isRefused(String header, String value) {
    Answer answer =
        answer("POST", "/drain", null, Map.of("Authorization", "Bearer " + TOKEN, header, value));

    assertError(answer, 400, "body: present (expected: none; parameters belong in the query)");
    assertThat(coordinator.phase()).isEqualTo(DrainPhase.STARTING);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/hooks/post-start", "/hooks/pre-stop"})
  void handle_parameterOfAHook_isRefused(String path) {
    coordinator.started();

    assertError(
        answer("GET", path, "within=10s", Map.of()),
        400,
        "query parameter: within (expected: none)");
    assertThat(coordinator.phase()).isEqualTo(DrainPhase.SERVING);
  }

  @ParameterizedTest
  @CsvSource({
    "GET,/readyz,verbose",
    "GET,/readyz,a=1&a=%zz",
    "GET,/readyz/,",
    "HEAD,/readyz,",
    "HEAD,/livez/,x",
    "GET,/startupz/,"
  })
  void probe_ofAnyForm_isAnswered(String method, String path, String query) {
    coordinator.started();

    assertThat(answer(method, path, query, Map.of("Content-Length", "3")).status()).isEqualTo(200);
    coordinator.drain(DrainReason.MANUAL);
    assertThat(answer(method, "/readyz/", query, Map.of()).status()).isEqualTo(503);
  }

  @Test
  void handle_failure_isInternalError() {
    Answer answer =
        endpoints
            .handle(
                new Request(
                    "GET",
                    "/drain",
                    null,
                    name -> {
                      throw new IllegalStateException("no headers");
                    },
                    () -> true))
            .toCompletableFuture()
            .join();

    assertError(answer, 500, "internal error: java.lang.IllegalStateException: no headers");
  }

  // ---------------------------------------------------------------- /drain

  @Test
  void status_serving_isTheReport() {
    coordinator.started();

    Answer json = get("/drain");
    Answer text = answer("GET", "/drain", "format=text", Map.of());

    assertThat(json.status()).isEqualTo(200);
    assertThat(json.contentType()).isEqualTo("application/json");
    assertThat(json.body()).isEqualTo(coordinator.report().toJson() + "\n");
    assertThat(text.contentType()).isEqualTo("text/plain; charset=utf-8");
    assertThat(text.body()).isEqualTo("pod-1 SERVING ready connections=0 work=0\n");
  }

  @Test
  void status_unknownFormat_isRefused() {
    assertError(
        answer("GET", "/drain", "format=yaml", Map.of()),
        400,
        "format: yaml (expected: json or text)");
  }

  @Test
  void start_serving_drainsByHand() {
    coordinator.started();

    Answer answer = post("/drain", null);

    assertThat(answer.status()).isEqualTo(202);
    assertThat(answer.body()).contains("\"phase\":\"UNREADY\"", "\"reasons\":[\"MANUAL\"]");
    assertThat(coordinator.phase()).isEqualTo(DrainPhase.UNREADY);
  }

  @Test
  void start_within_tightens() {
    coordinator.started();

    Answer answer = post("/drain", "within=15s&format=text");

    assertThat(answer.status()).isEqualTo(202);
    assertThat(answer.body()).startsWith("pod-1 UNREADY not-ready epoch=1 reasons=MANUAL");
    assertThat(coordinator.report().compressed()).isTrue();
    assertThat(coordinator.report().budgetRemaining()).isLessThanOrEqualTo(Duration.ofSeconds(15));
  }

  @Test
  void start_note_standsInTheStatus() {
    coordinator.started();

    Answer answer = post("/drain", "note=node+7%20reboots&format=text");

    assertThat(answer.status()).isEqualTo(202);
    assertThat(answer.body()).endsWith(" note=\"node 7 reboots\"\n");
    assertThat(get("/drain").body()).contains("\"notes\":[\"node 7 reboots\"]");
  }

  @ParameterizedTest
  @CsvSource({
    "within=soon,within: soon (expected: a duration such as 500ms; 5s; 2m or 1h)",
    "wait=perhaps,wait: perhaps (expected: true or false)",
    "format=xml,format: xml (expected: json or text)",
    "grace=1s,query parameter: grace (expected: format or note or wait or within)",
    "note=,note: 0 characters (expected: 1 to 200 visible characters)",
    "note=a%0Ab,'note: 3 characters; with U+000A among them (expected: 1 to 200 visible characters)'"
  })
  void start_badParameter_startsNothing(String query, String problem) {
    coordinator.started();

    assertError(post("/drain", query), 400, problem.replace(';', ','));
    assertThat(coordinator.phase()).isEqualTo(DrainPhase.SERVING);
  }

  @Test
  void start_closed_isRefused() {
    coordinator.close();

    assertError(post("/drain", null), 409, "the coordinator is closed (expected: an open one)");
    assertError(
        post("/drain", "wait=true"), 409, "the coordinator is closed (expected: an open one)");
  }

  @Test
  void start_waiting_isBoundedByTheBudget() {
    coordinator.started();

    CompletableFuture<Answer> answer = ask("POST", "/drain", "wait=true", ADMIN, () -> true);

    assertThat(answer).isNotDone();
    assertThat(bounds.get(0).after()).isEqualTo(policy().total().plusSeconds(5));
    bounds.get(0).timeIsUp();
    assertError(answer.join(), 503, "the drain is not done within 26s");
  }

  @Test
  void recall_nothingDrains_isRefused() {
    coordinator.started();

    assertError(
        answer("DELETE", "/drain", null, ADMIN),
        409,
        "resume: the phase is SERVING (expected: a drain to recall)");
  }

  @Test
  void recall_manualDrain_servesAgain() {
    coordinator.started();
    post("/drain", null);

    Answer answer = answer("DELETE", "/drain", "format=text", ADMIN);

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).startsWith("pod-1 SERVING ready");
    assertThat(coordinator.phase()).isEqualTo(DrainPhase.SERVING);
  }

  @Test
  void recall_hookThatNobodyWanted_servesAgainAndAnswersTheHook() {
    coordinator.started();
    CompletableFuture<Answer> hook = ask("GET", "/hooks/pre-stop", null, Map.of(), () -> true);
    assertThat(hook).isNotDone();

    assertThat(answer("DELETE", "/drain", null, ADMIN).status()).isEqualTo(200);

    assertThat(coordinator.phase()).isEqualTo(DrainPhase.SERVING);
    assertThat(hook.orTimeout(10, TimeUnit.SECONDS).join().status()).isEqualTo(200);
  }

  @Test
  void recall_termination_isRefused() {
    coordinator.started();
    coordinator.drain(DrainReason.SIGTERM);

    assertError(
        answer("DELETE", "/drain", null, ADMIN),
        409,
        "resume: SIGTERM has asked for the drain (expected: nothing that ends the process for"
            + " certain)");
  }

  // ---------------------------------------------------------------- /drain/shed

  @ParameterizedTest
  @CsvSource({"count=3,3", "count=1000,10", "fraction=0.25,3", "fraction=0.01,1", "fraction=1,10"})
  void shed_serving_saysHowManyGo(String query, int going) {
    coordinator.started();
    for (int i = 0; i < 10; i++) {
      coordinator.register(new StayingConnection("c" + i));
    }

    Answer answer = post("/drain/shed", query);

    assertThat(answer)
        .isEqualTo(Answer.json(202, "{\"shedding\":" + going + ",\"connections\":10}"));
  }

  @Test
  void shed_asText_isOneLine() {
    coordinator.started();

    assertThat(post("/drain/shed", "fraction=0.5&format=text").body())
        .isEqualTo("shedding 0 of 0 connections\n");
  }

  @Test
  void shed_notServing_isRefused() {
    assertError(
        post("/drain/shed", "count=1"), 409, "shed: the phase is STARTING (expected: SERVING)");
  }

  @ParameterizedTest
  @CsvSource({
    ",shed: how many is not said (expected: count or fraction)",
    "count=1&fraction=0.1,shed: count and fraction (expected: count or fraction)",
    "count=0,count: 0 (expected: a whole number from 1 to 999999999)",
    "'fraction=1,5','fraction: 1,5 (expected: a number over 0 and up to 1, such as 0.25)'"
  })
  void shed_badParameter_isRefused(String query, String problem) {
    coordinator.started();

    assertError(post("/drain/shed", query), 400, problem);
  }

  @ParameterizedTest
  @CsvSource({"0.1,30,3", "0.7,10,7", "0.25,10,3", "0.24,10,2", "0.001,10,1", "0.5,0,1", "1,7,7"})
  void share_fraction_isRoundedAndAtLeastOne(BigDecimal fraction, int connections, int count) {
    assertThat(Controls.share(fraction, connections)).isEqualTo(count);
  }

  // ---------------------------------------------------------------- hooks

  @Test
  void postStart_starting_waitsUntilUp() {
    CompletableFuture<Answer> answer = ask("GET", "/hooks/post-start", null, Map.of(), () -> true);
    assertThat(answer).isNotDone();

    coordinator.started();

    assertThat(answer)
        .succeedsWithin(10, TimeUnit.SECONDS)
        .isEqualTo(Answer.json(200, "{\"phase\":\"SERVING\",\"ready\":true}"));
  }

  @Test
  void postStart_up_isAnsweredAtOnce() {
    coordinator.started();

    assertThat(get("/hooks/post-start").status()).isEqualTo(200);
  }

  @Test
  void postStart_neverUp_isAnsweredInTheEnd() {
    CompletableFuture<Answer> answer = ask("GET", "/hooks/post-start", null, Map.of(), () -> true);

    assertThat(bounds.get(0).after()).isEqualTo(Probes.START_BOUND);
    bounds.get(0).timeIsUp();
    assertError(answer.join(), 503, "not started within 300s");
  }

  @Test
  void postStart_manyWait_nextIsRefusedUntilOneGoes() {
    List<CompletableFuture<Answer>> answers = new ArrayList<>();
    for (int i = 0; i < Waits.PLACES; i++) {
      answers.add(ask("GET", "/hooks/post-start", null, Map.of(), () -> true));
    }
    assertThat(answers).noneMatch(CompletableFuture::isDone);

    assertError(get("/hooks/post-start"), 503, "requests that wait: 64 (expected: fewer)");
    answers.get(0).cancel(false);
    assertThat(ask("GET", "/hooks/post-start", null, Map.of(), () -> true)).isNotDone();
    assertThat(coordinator.phase()).isEqualTo(DrainPhase.STARTING);
    // Each kind of request has places of its own.
    assertThat(ask("POST", "/drain", "wait=true", ADMIN, () -> true)).isNotDone();
    assertThat(ask("GET", "/hooks/pre-stop", null, Map.of(), () -> true)).isNotDone();
    assertThat(coordinator.phase()).isEqualTo(DrainPhase.UNREADY);
  }

  @Test
  void preStop_serving_startsTheDrainAndWaits() {
    coordinator.started();

    CompletableFuture<Answer> first = ask("GET", "/hooks/pre-stop", null, Map.of(), () -> true);
    CompletableFuture<Answer> second = ask("GET", "/hooks/pre-stop", null, Map.of(), () -> true);

    assertThat(first).isNotDone();
    assertThat(second).isNotDone();
    assertThat(coordinator.report().epoch()).isEqualTo(1);
    assertThat(coordinator.report().reasons()).containsExactly(DrainReason.PRE_STOP);
  }

  @Test
  void preStop_withoutItsHeader_drainsNothing() {
    withHookHeader();
    coordinator.started();

    assertError(get("/hooks/pre-stop"), 403, "X-Drain: none (expected: as DRAIN_HOOK_HEADER says)");
    assertError(
        answer("GET", "/hooks/pre-stop", null, Map.of("X-Drain", "let us")),
        403,
        "X-Drain: a wrong value (expected: as DRAIN_HOOK_HEADER says)");
    assertThat(coordinator.phase()).isEqualTo(DrainPhase.SERVING);

    Map<String, String> header = Map.of("X-Drain", "let me");
    assertThat(ask("GET", "/hooks/pre-stop", null, header, () -> true)).isNotDone();
    assertThat(coordinator.phase()).isEqualTo(DrainPhase.UNREADY);
    assertThat(get("/readyz").status()).as("probes need none").isEqualTo(503);
  }

  @Test
  void preStop_drainThatTakesTooLong_isAnsweredBeforeTheGraceEnds() {
    coordinator.started();
    CompletableFuture<Answer> answer = ask("GET", "/hooks/pre-stop", null, Map.of(), () -> true);

    assertThat(answer).isNotDone();
    assertThat(bounds.get(0).after()).isEqualTo(Duration.ofSeconds(27));
    bounds.get(0).timeIsUp();
    assertError(answer.join(), 503, "the drain is not done within 27s");
  }

  @Test
  void preStop_coordinatorClosedMeanwhile_isAnsweredAtOnce() {
    coordinator.started();
    CompletableFuture<Answer> answer = ask("GET", "/hooks/pre-stop", null, Map.of(), () -> true);

    coordinator.close();

    Await.until(answer::isDone);
    assertError(
        answer.join(),
        503,
        "the coordinator was closed in UNREADY (expected: once the drain is over)");
  }

  @Test
  void preStop_closed_isRefused() {
    coordinator.close();

    assertError(get("/hooks/pre-stop"), 409, "the coordinator is closed (expected: an open one)");
    // The place was given back.
    for (int i = 0; i < Waits.PLACES; i++) {
      assertThat(get("/hooks/pre-stop").status()).isEqualTo(409);
    }
  }

  @Test
  void preStop_waiting_isAskedForItsClientAtSigterm() {
    coordinator.started();
    AtomicInteger asked = new AtomicInteger();
    CompletableFuture<Answer> answer =
        ask("GET", "/hooks/pre-stop", null, Map.of(), () -> asked.incrementAndGet() > 0);

    coordinator.drain(DrainReason.SIGTERM);

    assertThat(answer).isNotDone();
    assertThat(asked).hasValue(1);
    assertThat(coordinator.stopBudget()).isEqualTo(Duration.ofSeconds(1));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void preStop_answeredOrGone_isNotAskedAnyMore(boolean answered) {
    coordinator.started();
    AtomicInteger asked = new AtomicInteger();
    CompletableFuture<Answer> answer =
        ask("GET", "/hooks/pre-stop", null, Map.of(), () -> asked.incrementAndGet() > 0);

    if (answered) {
      bounds.get(0).timeIsUp();
    } else {
      answer.cancel(false);
    }
    coordinator.drain(DrainReason.SIGTERM);

    assertThat(asked).hasValue(0);
    assertThat(coordinator.stopBudget()).isGreaterThanOrEqualTo(policy().stopMargin());
  }

  @ParameterizedTest
  @CsvSource({
    // grace, margin, bound
    "30000,6000,27000",
    "30000,1000,29500",
    "30000,60000,0",
    "2000,1000,1500",
    "1000,1000,500",
    "0,1000,0"
  })
  void hookBound_policy_endsBeforeTheGrace(long grace, long margin, long bound) {
    DrainPolicy policy =
        policy()
            .withGracePeriod(Duration.ofMillis(grace))
            .withStopMargin(Duration.ofMillis(margin));

    assertThat(Controls.hookBound(policy)).isEqualTo(Duration.ofMillis(bound));
  }

  // ---------------------------------------------------------------- conditions of readiness

  private Answer readiness() {
    return ask("GET", "/readyz", null, Map.of(), () -> true).orTimeout(10, TimeUnit.SECONDS).join();
  }

  @Test
  void readyWhen_holds_isReady() {
    endpoints.readyWhen("database", () -> true).readyWhen("cache", () -> true);
    assertError(readiness(), 503, "not ready: the phase is STARTING");

    coordinator.started();

    assertThat(readiness().status()).isEqualTo(200);
    coordinator.drain(DrainReason.MANUAL);
    assertError(readiness(), 503, "not ready: the phase is UNREADY");
  }

  @Test
  void readyWhen_doesNotHoldOrThrows_isNamedAndLoggedOnce() {
    AtomicBoolean up = new AtomicBoolean();
    coordinator.started();
    endpoints
        .readyWhen("database", up::get)
        .readyWhen(
            "cache",
            () -> {
              throw new AssertionError("password=secret");
            })
        .readyWhen("queue", () -> true);

    try (Logged log = new Logged(DrainEndpoints.class)) {
      for (int i = 0; i < 3; i++) {
        assertError(readiness(), 503, "not ready: database is not ready, cache failed");
      }
      up.set(true);
      assertError(readiness(), 503, "not ready: cache failed");
      up.set(false);
      assertError(readiness(), 503, "not ready: database is not ready, cache failed");

      Await.until(() -> log.lines().size() == 3);
      assertThat(log.lines())
          .containsExactlyInAnyOrder(
              "DRAIN-047 not ready: database is not ready",
              "DRAIN-047 not ready: cache failed",
              "DRAIN-047 not ready: database is not ready");
    }
    assertThat(coordinator.ready()).as("the drain's own").isTrue();
    assertThat(get("/livez").status()).isEqualTo(200);
  }

  @Test
  void readyWhen_hangs_isNamedInTimeAndAskedOnce() {
    CompletableFuture<Boolean> stuck = new CompletableFuture<>();
    AtomicInteger asked = new AtomicInteger();
    coordinator.started();
    endpoints.readyWhen(
        "database",
        () -> {
          asked.incrementAndGet();
          return stuck.orTimeout(60, TimeUnit.SECONDS).join();
        });
    CompletableFuture<Answer> probe = ask("GET", "/readyz", null, Map.of(), () -> true);
    Await.until(() -> asked.get() == 1);
    assertThat(probe).isNotDone();
    assertThat(bounds.get(0).after()).isEqualTo(ReadyChecks.MOST);

    bounds.get(0).timeIsUp();

    assertError(probe.join(), 503, "not ready: database does not answer");
    assertError(readiness(), 503, "not ready: database does not answer");
    assertThat(asked).hasValue(1);

    stuck.complete(true);
    Await.until(() -> readiness().status() == 200);
  }

  @Test
  void readyWhen_badName_isRefused() {
    endpoints.readyWhen("database", () -> true);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> endpoints.readyWhen("database", () -> true))
        .withMessage("readyWhen: database is there already (expected: another name)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> endpoints.readyWhen(" ", () -> true))
        .withMessage("readyWhen: ' ' (expected: a name on one line)");
  }

  // ---------------------------------------------------------------- /metrics

  @Test
  void metrics_supplied_areGiven() {
    endpoints = endpoints(() -> "up 1\n");

    assertThat(get("/metrics"))
        .isEqualTo(Answer.of(200, "text/plain; version=0.0.4; charset=utf-8", "up 1\n"));
  }

  @Test
  void metrics_failing_isInternalError() {
    endpoints =
        endpoints(
            () -> {
              throw new IllegalStateException("registry is closed");
            });

    for (int i = 0; i < 3; i++) {
      assertError(
          get("/metrics"),
          500,
          "internal error: java.lang.IllegalStateException: registry is closed");
    }
  }

  @Test
  void metrics_twoAtWork_thirdIsRefused() {
    List<Answer> inner = new ArrayList<>();
    endpoints =
        endpoints(
            () -> {
              inner.add(get("/metrics"));
              return "up 1\n";
            });

    assertThat(get("/metrics").status()).isEqualTo(200);

    assertError(
        inner.get(0), 503, "metrics: two scrapes are going on (expected: fewer)"); // the third
    assertThat(inner.get(1).status()).isEqualTo(200);
    assertThat(inner).hasSize(2);
  }

  private static void assertError(Answer answer, int status, String message) {
    assertThat(answer.body()).isEqualTo("{\"error\":" + JsonText.quoted(message) + "}\n");
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.contentType()).isEqualTo("application/json");
  }
}
