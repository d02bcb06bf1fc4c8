package io.gracefuldrain.http;

import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.DrainPolicy;
import io.gracefuldrain.DrainReason;
import io.gracefuldrain.DrainReport;
import io.gracefuldrain.Durations;
import io.gracefuldrain.PreStopCall;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The drain's probes, hooks and controls, whatever server carries them: a request comes in, and its
 * answer is given now or, for a hook that waits, later.
 *
 * <p>Thread-safe; {@link #handle} never blocks and never throws. Every wait has a bound: a preStop
 * hook is answered before the grace period ends even if the coordinator has died.
 */
public final class DrainEndpoints {
  /**
   * One request.
   *
   * @param method its method, in capitals
   * @param path its path, decoded, beginning with a slash
   * @param query its query, percent-encoded as it came, or null
   * @param header gives the first value of a header, or null; asked before {@link #handle} returns
   * @param stillThere whether the client can still be reached. Asked for a preStop hook alone, when
   *     SIGTERM comes while it waits, by any thread; may write white space to it to find out, and
   *     take some milliseconds
   */
  public record Request(
      String method,
      String path,
      @Nullable String query,
      Function<String, @Nullable String> header,
      BooleanSupplier stillThere) {}

  /**
   * What a request is answered with.
   *
   * @param status the status code
   * @param headers the headers, the content's type and length apart
   * @param contentType the content's type
   * @param body the content
   */
  public record Answer(int status, Map<String, String> headers, String contentType, String body) {
    /** Copies what can change. */
    public Answer {
      headers = Map.copyOf(headers);
    }

    /** An answer whose body is one line of JSON that says what is wrong. */
    public static Answer error(int status, String message) {
      return json(status, "{\"error\":" + JsonText.quoted(message) + "}");
    }

    static Answer json(int status, String line) {
      return of(status, "application/json", line + "\n");
    }

    static Answer text(int status, String line) {
      return of(status, "text/plain; charset=utf-8", line + "\n");
    }

    static Answer of(int status, String contentType, String body) {
      return new Answer(status, Map.of("Cache-Control", "no-store"), contentType, body);
    }

    Answer with(String header, String value) {
      Map<String, String> more = new LinkedHashMap<>(headers);
      more.put(header, value);
      return new Answer(status, more, contentType, body);
    }

    /** The content in UTF-8. */
    public byte[] bytes() {
      return body.getBytes(StandardCharsets.UTF_8);
    }
  }

  /** Gives a waiting request its answer when nothing else has in time. */
  interface Bound {
    void set(CompletableFuture<Answer> waiting, Duration after, Answer late);
  }

  private interface Handler {
    CompletableFuture<Answer> answer(Request request, Query query);
  }

  private enum Access {
    ANYBODY,
    ADMIN
  }

  private record Route(Access access, Handler handler, Set<String> parameters) {}

  /** How many requests may wait: the kubelet has one or two, a person a few more. */
  static final int PLACES = 64;

  static final Duration START_BOUND = Duration.ofMinutes(5);
  private static final Duration LEAST_NOTICE = Duration.ofMillis(500);
  private static final String METRICS = "text/plain; version=0.0.4; charset=utf-8";
  private static final Logger LOG = LoggerFactory.getLogger(DrainEndpoints.class);

  private final DrainCoordinator coordinator;
  private final @Nullable Supplier<String> metrics;
  private final Bound bound;
  private final Map<String, Map<String, Route>> routes = new LinkedHashMap<>();

  // Places of their own, so that nobody can keep the kubelet's hook out.
  private final Semaphore preStops = new Semaphore(PLACES);
  private final Semaphore waits = new Semaphore(PLACES);
  // A scrape runs the application's code; one that hangs must not take thread after thread.
  private final Semaphore scrapes = new Semaphore(2);

  private final Set<CompletableFuture<Answer>> awaitingStart = ConcurrentHashMap.newKeySet();
  private volatile boolean up;

  /** The endpoints of a coordinator, without {@code /metrics}. */
  public static DrainEndpoints of(DrainCoordinator coordinator) {
    return new DrainEndpoints(coordinator, null, DrainEndpoints::completeOnTimeout);
  }

  /**
   * The endpoints of a coordinator, with {@code /metrics}.
   *
   * @param metrics gives the metrics in Prometheus' text format; run on the thread of the request,
   *     two at a time at the most
   */
  public static DrainEndpoints of(DrainCoordinator coordinator, Supplier<String> metrics) {
    Objects.requireNonNull(metrics, "metrics");
    return new DrainEndpoints(coordinator, metrics, DrainEndpoints::completeOnTimeout);
  }

  @SuppressWarnings("FutureReturnValueIgnored") // it is the one that was given
  private static void completeOnTimeout(
      CompletableFuture<Answer> waiting, Duration after, Answer late) {
    waiting.completeOnTimeout(late, after.toMillis(), TimeUnit.MILLISECONDS);
  }

  @SuppressWarnings("FutureReturnValueIgnored") // startUp does not throw
  DrainEndpoints(DrainCoordinator coordinator, @Nullable Supplier<String> metrics, Bound bound) {
    this.coordinator = Objects.requireNonNull(coordinator, "coordinator");
    this.metrics = metrics;
    this.bound = bound;
    on("GET", "/livez", Access.ANYBODY, this::live);
    on("GET", "/readyz", Access.ANYBODY, this::ready);
    on("GET", "/startupz", Access.ANYBODY, this::startedUp);
    on("GET", "/hooks/post-start", Access.ANYBODY, this::postStart);
    on("GET", "/hooks/pre-stop", Access.ANYBODY, this::preStop);
    on("GET", "/drain", Access.ANYBODY, this::status, "format");
    on("POST", "/drain", Access.ADMIN, this::start, "within", "wait", "format");
    on("DELETE", "/drain", Access.ADMIN, this::recall, "format");
    on("POST", "/drain/shed", Access.ADMIN, this::shed, "count", "fraction", "format");
    if (metrics != null) {
      on("GET", "/metrics", Access.ANYBODY, this::scrape);
    }
    coordinator.whenStarted().thenRun(this::startUp);
  }

  private void on(
      String method, String path, Access access, Handler handler, String... parameters) {
    routes
        .computeIfAbsent(path, any -> new LinkedHashMap<>())
        .put(method, new Route(access, handler, Set.of(parameters)));
  }

  private void startUp() {
    up = true;
    awaitingStart.forEach(waiting -> waiting.complete(probe()));
  }

  /**
   * Answers a request.
   *
   * @return completes with the answer, never with an exception; already complete unless the request
   *     waits. A server that finds a waiting client gone cancels its {@code toCompletableFuture()}
   */
  @SuppressWarnings("CatchingUnchecked") // a bug of ours or of the metrics: the client gets a 500
  public CompletionStage<Answer> handle(Request request) {
    try {
      return route(request);
    } catch (Refusal refusal) {
      return CompletableFuture.completedFuture(refusal.answer());
    } catch (Exception | LinkageError | AssertionError e) {
      LOG.error("DRAIN-041 {} {} failed", request.method(), Query.shown(request.path()), e);
      return CompletableFuture.completedFuture(Answer.error(500, "internal error: " + e));
    }
  }

  private CompletableFuture<Answer> route(Request request) {
    Map<String, Route> methods = routes.get(request.path());
    if (methods == null) {
      throw new Refusal(
          Answer.error(
              404,
              "path: %s (expected: one of %s)"
                  .formatted(Query.shown(request.path()), String.join(", ", routes.keySet()))));
    }
    Route route = methods.get(request.method());
    if (route == null) {
      throw new Refusal(
          Answer.error(
                  405,
                  "method: %s (expected: %s)"
                      .formatted(
                          Query.shown(request.method()), String.join(" or ", methods.keySet())))
              .with("Allow", String.join(", ", methods.keySet())));
    }
    if (route.access() == Access.ADMIN) {
      checkToken(request);
    }
    checkNoBody(request);
    return route.handler().answer(request, Query.parse(request.query(), route.parameters()));
  }

  private void checkToken(Request request) {
    Optional<String> token = coordinator.policy().adminToken();
    if (token.isEmpty()) {
      throw new Refusal(
          Answer.error(
              403,
              "%s %s is off: no admin token (expected: DRAIN_ADMIN_TOKEN to be set)"
                  .formatted(request.method(), request.path())));
    }
    String given = request.header().apply("Authorization");
    String scheme = "Bearer ";
    if (given == null || !given.regionMatches(true, 0, scheme, 0, scheme.length())) {
      throw unauthorized(given == null ? "none" : "no bearer token");
    }
    byte[] guess = given.substring(scheme.length()).trim().getBytes(StandardCharsets.UTF_8);
    // In constant time: the time depends on the guess alone.
    if (!MessageDigest.isEqual(guess, token.get().getBytes(StandardCharsets.UTF_8))) {
      throw unauthorized("a wrong token");
    }
  }

  private static Refusal unauthorized(String given) {
    return new Refusal(
        Answer.error(401, "Authorization: " + given + " (expected: Bearer and the admin token)")
            .with("WWW-Authenticate", "Bearer realm=\"drain\""));
  }

  /** Parameters in a body would be overlooked in silence. */
  private static void checkNoBody(Request request) {
    String length = request.header().apply("Content-Length");
    if (request.header().apply("Transfer-Encoding") != null
        || (length != null && !length.trim().equals("0"))) {
      throw Refusal.badRequest("body: present (expected: none; parameters belong in the query)");
    }
  }

  // ---------------------------------------------------------------- probes

  private CompletableFuture<Answer> live(Request request, Query query) {
    return now(coordinator.alive() ? probe() : Answer.error(503, "the coordinator is closed"));
  }

  private CompletableFuture<Answer> ready(Request request, Query query) {
    return now(
        coordinator.ready()
            ? probe()
            : Answer.error(503, "not ready: the phase is " + coordinator.phase()));
  }

  private CompletableFuture<Answer> startedUp(Request request, Query query) {
    return now(up ? probe() : Answer.error(503, "not started"));
  }

  private Answer probe() {
    return Answer.json(
        200, "{\"phase\":\"%s\",\"ready\":%s}".formatted(coordinator.phase(), coordinator.ready()));
  }

  // ---------------------------------------------------------------- hooks

  @SuppressWarnings("CollectionUndefinedEquality") // each future is meant, and none like it
  private CompletableFuture<Answer> postStart(Request request, Query query) {
    CompletableFuture<Answer> answer =
        later(waits, START_BOUND, "not started within " + Durations.format(START_BOUND));
    awaitingStart.add(answer);
    whenAnswered(answer, given -> awaitingStart.remove(answer));
    if (up) {
      answer.complete(probe());
    }
    return answer;
  }

  private CompletableFuture<Answer> preStop(Request request, Query query) {
    Duration most = hookBound(coordinator.policy());
    CompletableFuture<Answer> answer =
        later(preStops, most, "the drain is not done within " + Durations.format(most));
    PreStopCall call = asked(answer, () -> coordinator.preStop(request.stillThere()));
    whenAnswered(answer, given -> call.close());
    return completedBy(call.done(), answer, report -> Answer.json(200, report.toJson()));
  }

  /**
   * How long a preStop hook may take: over what a drain that keeps its budget takes, and within the
   * grace period, so that the process still gets its SIGTERM.
   */
  static Duration hookBound(DrainPolicy policy) {
    Duration grace = policy.gracePeriod();
    Duration least = min(grace.dividedBy(10), LEAST_NOTICE);
    Duration most = policy.stopMargin().dividedBy(2);
    Duration left = min(grace, most.compareTo(least) > 0 ? most : least);
    return grace.minus(left);
  }

  private static Duration min(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  // ---------------------------------------------------------------- people and tools

  private CompletableFuture<Answer> status(Request request, Query query) {
    return now(report(200, coordinator.report(), query.asText()));
  }

  private CompletableFuture<Answer> start(Request request, Query query) {
    boolean asText = query.asText();
    Optional<Duration> within = query.duration("within");
    Supplier<CompletionStage<DrainReport>> drain =
        () ->
            within.isPresent()
                ? coordinator.drain(DrainReason.MANUAL, within.get())
                : coordinator.drain(DrainReason.MANUAL);
    if (!query.flag("wait")) {
      asked(null, drain);
      return now(report(202, coordinator.report(), asText));
    }
    Duration most = coordinator.policy().total().plusSeconds(5);
    CompletableFuture<Answer> answer =
        later(waits, most, "the drain is not done within " + Durations.format(most));
    return completedBy(asked(answer, drain), answer, report -> report(200, report, asText));
  }

  private CompletableFuture<Answer> recall(Request request, Query query) {
    boolean asText = query.asText();
    asked(
        null,
        () -> {
          coordinator.resume();
          return true;
        });
    return now(report(200, coordinator.report(), asText));
  }

  private CompletableFuture<Answer> shed(Request request, Query query) {
    boolean asText = query.asText();
    if (query.has("count") == query.has("fraction")) {
      throw Refusal.badRequest(
          "shed: %s (expected: count or fraction)"
              .formatted(query.has("count") ? "count and fraction" : "how many is not said"));
    }
    BigDecimal fraction = query.has("fraction") ? query.fraction("fraction") : null;
    int connections = coordinator.report().connections();
    int count = fraction == null ? query.count("count") : share(fraction, connections);
    int going = asked(null, () -> coordinator.shed(count));
    return now(
        asText
            ? Answer.text(202, "shedding %d of %d connections".formatted(going, connections))
            : Answer.json(
                202, "{\"shedding\":%d,\"connections\":%d}".formatted(going, connections)));
  }

  /** The share as a number, at least one. */
  static int share(BigDecimal fraction, int connections) {
    BigDecimal share = fraction.multiply(BigDecimal.valueOf(connections));
    return Math.max(1, share.setScale(0, RoundingMode.HALF_UP).intValueExact());
  }

  private CompletableFuture<Answer> scrape(Request request, Query query) {
    Supplier<String> source = Objects.requireNonNull(metrics);
    if (!scrapes.tryAcquire()) {
      throw new Refusal(Answer.error(503, "metrics: two scrapes are going on (expected: fewer)"));
    }
    try {
      return now(Answer.of(200, METRICS, source.get()));
    } finally {
      scrapes.release();
    }
  }

  // ---------------------------------------------------------------- now or later

  private static CompletableFuture<Answer> now(Answer answer) {
    return CompletableFuture.completedFuture(answer);
  }

  private static Answer report(int status, DrainReport report, boolean asText) {
    return asText ? Answer.text(status, report.toText()) : Answer.json(status, report.toJson());
  }

  /** An answer that comes later, bounded in time and in how many may wait for one. */
  private CompletableFuture<Answer> later(Semaphore places, Duration most, String tooLate) {
    if (!places.tryAcquire()) {
      throw new Refusal(
          Answer.error(503, "requests that wait: %d (expected: fewer)".formatted(PLACES)));
    }
    Answer late = Answer.error(503, tooLate);
    CompletableFuture<Answer> answer = new CompletableFuture<>();
    whenAnswered(answer, given -> places.release());
    whenAnswered(
        answer,
        given -> {
          if (late.equals(given)) {
            LOG.warn("DRAIN-042 {}", tooLate);
          }
        });
    bound.set(answer, most, late);
    return answer;
  }

  /** Told with the answer once the server has it, or with null when the client is gone. */
  @SuppressWarnings("FutureReturnValueIgnored") // what is told does not throw
  private static void whenAnswered(
      CompletableFuture<Answer> answer, Consumer<@Nullable Answer> told) {
    answer.whenComplete((given, broken) -> told.accept(given));
  }

  @SuppressWarnings("FutureReturnValueIgnored") // its failure is the answer's
  private static CompletableFuture<Answer> completedBy(
      CompletionStage<DrainReport> done,
      CompletableFuture<Answer> answer,
      Function<DrainReport, Answer> made) {
    done.whenComplete(
        (report, failure) ->
            answer.complete(
                failure == null
                    ? made.apply(report)
                    : Answer.error(500, "internal error: " + failure)));
    return answer;
  }

  /** Asks the coordinator for something; its refusal is the answer. */
  private static <T> T asked(@Nullable CompletableFuture<Answer> waiting, Supplier<T> request) {
    try {
      return request.get();
    } catch (IllegalStateException e) {
      if (waiting != null) {
        waiting.cancel(false);
      }
      throw new Refusal(Answer.error(409, String.valueOf(e.getMessage())));
    }
  }
}
