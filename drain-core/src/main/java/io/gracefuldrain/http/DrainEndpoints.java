package io.gracefuldrain.http;

import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.http.Router.Access;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
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

  private final Router router;

  /** The endpoints of a coordinator, without {@code /metrics}. */
  public static DrainEndpoints of(DrainCoordinator coordinator) {
    return new DrainEndpoints(coordinator, null, DrainEndpoints::completeOnTimeout);
  }

  /**
   * The endpoints of a coordinator, with {@code /metrics}.
   *
   * @param metrics gives the metrics in Prometheus' text format; run on the thread of the request,
   *     at most two at a time
   */
  public static DrainEndpoints of(DrainCoordinator coordinator, Supplier<String> metrics) {
    Objects.requireNonNull(metrics, "metrics");
    return new DrainEndpoints(coordinator, metrics, DrainEndpoints::completeOnTimeout);
  }

  @SuppressWarnings("FutureReturnValueIgnored") // it is the same future
  private static void completeOnTimeout(
      CompletableFuture<Answer> waiting, Duration after, Answer late) {
    waiting.completeOnTimeout(late, after.toMillis(), TimeUnit.MILLISECONDS);
  }

  DrainEndpoints(DrainCoordinator coordinator, @Nullable Supplier<String> metrics, Bound bound) {
    Objects.requireNonNull(coordinator, "coordinator");
    router = new Router(coordinator.policy().adminToken());
    Waits waits = new Waits(bound);
    Probes probes = new Probes(coordinator, waits);
    router.on("GET", "/livez", Access.ANYBODY, probes::live);
    router.on("GET", "/readyz", Access.ANYBODY, probes::ready);
    router.on("GET", "/startupz", Access.ANYBODY, probes::startedUp);
    router.on("GET", "/hooks/post-start", Access.ANYBODY, probes::postStart);
    Controls controls = new Controls(coordinator, new Waits(bound), waits);
    router.on("GET", "/hooks/pre-stop", Access.ANYBODY, controls::preStop);
    router.on("GET", "/drain", Access.ANYBODY, controls::status, "format");
    router.on("POST", "/drain", Access.ADMIN, controls::start, "within", "wait", "format");
    router.on("DELETE", "/drain", Access.ADMIN, controls::recall, "format");
    router.on("POST", "/drain/shed", Access.ADMIN, controls::shed, "count", "fraction", "format");
    if (metrics != null) {
      router.on("GET", "/metrics", Access.ANYBODY, new Scrapes(metrics)::scrape);
    }
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
