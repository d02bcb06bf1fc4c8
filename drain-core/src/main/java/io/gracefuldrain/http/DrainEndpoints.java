package io.gracefuldrain.http;

import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.KeptSessions;
import io.gracefuldrain.handover.HandOverDesk;
import io.gracefuldrain.http.Router.Access;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The drain's probes, hooks and controls, for any server: a request comes in, and its answer is
 * given now or, for a hook that waits, later.
 *
 * <p>Thread-safe; {@link #handle} never blocks and never throws. Every wait has a bound: a preStop
 * hook is answered before the grace period ends even if the coordinator has died.
 */
public final class DrainEndpoints {
  private static final Logger LOG = LoggerFactory.getLogger(DrainEndpoints.class);

  private static final Pattern BASE_PATH = Pattern.compile("(/[A-Za-z0-9._~-]{1,64}){0,3}");

  private final Router router;
  private final ReadyChecks checks;
  private final KeptSessions sessions;

  /** The endpoints of a coordinator, without {@code /metrics}. */
  public static DrainEndpoints of(DrainCoordinator coordinator) {
    return new DrainEndpoints(coordinator, null, new Deadlines());
  }

  /**
   * The endpoints of a coordinator, with {@code /metrics}.
   *
   * @param metrics gives the metrics in Prometheus' text format; run on the thread of the request,
   *     at most two at a time
   */
  public static DrainEndpoints of(DrainCoordinator coordinator, Supplier<String> metrics) {
    Objects.requireNonNull(metrics, "metrics");
    return new DrainEndpoints(coordinator, metrics, new Deadlines());
  }

  DrainEndpoints(DrainCoordinator coordinator, @Nullable Supplier<String> metrics, Bound bound) {
    Objects.requireNonNull(coordinator, "coordinator");
    router = new Router(coordinator.policy().adminToken(), coordinator.policy().hookHeader());
    checks = new ReadyChecks(bound);
    sessions = coordinator.keptSessions();
    Probes probes = new Probes(coordinator, checks, new Waits(bound));
    router.on("GET", "/livez", Access.PROBE, probes::live);
    router.on("GET", "/readyz", Access.PROBE, probes::ready);
    router.on("GET", "/startupz", Access.PROBE, probes::startedUp);
    router.on("GET", "/hooks/post-start", Access.ANYBODY, probes::postStart);
    Controls controls = new Controls(coordinator, new Waits(bound), new Waits(bound));
    router.on("GET", "/hooks/pre-stop", Access.HOOK, controls::preStop);
    router.on("GET", "/drain", Access.ANYBODY, controls::status, "format");
    router.on("POST", "/drain", Access.ADMIN, controls::start, "within", "note", "wait", "format");
    router.on("DELETE", "/drain", Access.ADMIN, controls::recall, "format");
    router.on("POST", "/drain/shed", Access.ADMIN, controls::shed, "count", "fraction", "format");
    if (coordinator.policy().handsOver()) {
      HandOverDesk desk = HandOverDesk.of(coordinator);
      for (String path : HandOverDesk.paths()) {
        router.on("POST", path, Access.PEER, (request, query) -> handOver(desk, request));
      }
    }
    if (metrics != null) {
      router.on("GET", "/metrics", Access.ANYBODY, new Scrapes(metrics)::scrape);
    }
  }

  /** The desk looks itself at who asks. */
  private static CompletableFuture<Answer> handOver(HandOverDesk desk, Request request) {
    return desk.answer(request.path(), request.header()).thenApply(DrainEndpoints::answer);
  }

  private static Answer answer(HandOverDesk.Reply reply) {
    Answer answer =
        reply.reason() == null
            ? Answer.text(reply.status(), reply.text())
            : Answer.error(reply.status(), reply.text(), reply.reason());
    for (Map.Entry<String, String> header : reply.headers().entrySet()) {
      answer = answer.with(header.getKey(), header.getValue());
    }
    return answer;
  }

  /**
   * Says where these endpoints are, so that other pods can ask this one for sessions. {@link
   * DrainHttpServer} says it itself; call it where another server has them.
   *
   * @param port the port of the server
   * @param basePath the path below which they are, such as {@code /manage}; empty if there is none
   * @return this
   * @throws IllegalArgumentException if there is no such port, or the path is none
   */
  public DrainEndpoints servedOn(int port, String basePath) {
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException("port: " + port + " (expected: 1 to 65535)");
    }
    String path = basePath.endsWith("/") ? basePath.substring(0, basePath.length() - 1) : basePath;
    if (!BASE_PATH.matcher(path).matches()) {
      throw new IllegalArgumentException(
          "basePath: " + Query.shown(basePath) + " (expected: a path such as /manage, or none)");
    }
    sessions.servedOn(port, path);
    return this;
  }

  /**
   * Makes the readiness probe depend on a condition of the application's own, such as a database:
   *
   * <pre>{@code
   * DrainEndpoints.of(coordinator).readyWhen("database", pool::isUp)
   * }</pre>
   *
   * <p>The probe is good while the drain and all conditions are; the drain comes first, and a
   * condition counts in the lame duck too. A condition that does not hold, throws, or takes longer
   * than half a second makes {@code /readyz} 503, which names it, and is logged once until it holds
   * again. It does not change {@link DrainCoordinator#ready()}, and never {@code /livez}.
   *
   * @param name what the answer and the log call it, which everybody may see; unique
   * @param condition asked for each probe, on a thread of its own, once at a time
   * @return this
   * @throws IllegalArgumentException if the name is blank, has control characters, or is taken
   */
  public DrainEndpoints readyWhen(String name, BooleanSupplier condition) {
    checks.add(name, condition);
    return this;
  }

  /**
   * The paths that have an answer of their own, for a server that shares its port with others: all
   * other requests are theirs. A probe is also known with a slash at its end.
   */
  public Set<String> paths() {
    return router.paths();
  }

  /**
   * Answers a request.
   *
   * @return completes with the answer, never with an exception; already complete unless the request
   *     waits. A server that finds a waiting client gone cancels its {@code toCompletableFuture()}
   */
  @SuppressWarnings("CatchingUnchecked") // a bug here or in the metrics: the client gets a 500
  public CompletionStage<Answer> handle(Request request) {
    try {
      return router.answer(request);
    } catch (Refusal refusal) {
      return CompletableFuture.completedFuture(refusal.answer());
    } catch (Exception | LinkageError | AssertionError e) {
      LOG.error("DRAIN-041 {} {} failed", request.method(), Query.shown(request.path()), e);
      return CompletableFuture.completedFuture(Answer.error(500, "internal error: " + e));
    }
  }
}
