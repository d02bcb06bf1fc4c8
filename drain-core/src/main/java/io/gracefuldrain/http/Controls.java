package io.gracefuldrain.http;

import io.gracefuldrain.Drain;
import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.DrainPolicy;
import io.gracefuldrain.DrainReason;
import io.gracefuldrain.DrainReport;
import io.gracefuldrain.Durations;
import io.gracefuldrain.PreStopCall;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Starts, shows and recalls drains, and sheds: for the preStop hook, for people and for tools. */
final class Controls {
  private final DrainCoordinator coordinator;
  // Separate places, so that other requests cannot crowd out the kubelet's hook.
  private final Waits preStops;
  private final Waits waits;

  Controls(DrainCoordinator coordinator, Waits preStops, Waits waits) {
    this.coordinator = coordinator;
    this.preStops = preStops;
    this.waits = waits;
  }

  // ---------------------------------------------------------------- the kubelet

  CompletableFuture<Answer> preStop(Request request, Query query) {
    Duration most = hookBound(coordinator.policy());
    CompletableFuture<Answer> answer =
        preStops.later(most, "the drain is not done within " + Durations.format(most));
    PreStopCall call = asked(answer, () -> coordinator.preStop(request.stillThere()));
    Waits.whenAnswered(answer, given -> call.close());
    return Waits.completedBy(call.done(), answer, report -> Answer.json(200, report.toJson()));
  }

  /**
   * How long a preStop hook may take. It is longer than a drain within its budget, and shorter than
   * the grace period, so that the process still gets its SIGTERM.
   */
  static Duration hookBound(DrainPolicy policy) {
    Duration notice = policy.stopMargin().dividedBy(2); // at least half a second
    Duration bound = policy.gracePeriod().minus(notice);
    return bound.isNegative() ? Duration.ZERO : bound;
  }

  // ---------------------------------------------------------------- people and tools

  CompletableFuture<Answer> status(Request request, Query query) {
    return Answer.now(report(200, coordinator.report(), query.asText()));
  }

  CompletableFuture<Answer> start(Request request, Query query) {
    boolean asText = query.asText();
    Optional<Duration> within = query.duration("within");
    Supplier<CompletionStage<DrainReport>> drain =
        () -> {
          Drain asked = manual(query);
          within.ifPresent(asked::within);
          return asked.done();
        };
    if (!query.flag("wait")) {
      asked(null, drain);
      return Answer.now(report(202, coordinator.report(), asText));
    }
    Duration most = coordinator.policy().total().plusSeconds(5);
    CompletableFuture<Answer> answer =
        waits.later(most, "the drain is not done within " + Durations.format(most));
    return Waits.completedBy(asked(answer, drain), answer, report -> report(200, report, asText));
  }

  private Drain manual(Query query) {
    if (!query.has("note")) {
      return coordinator.drain(DrainReason.MANUAL);
    }
    try {
      return coordinator.drain(DrainReason.MANUAL, query.text("note"));
    } catch (IllegalArgumentException e) {
      throw Refusal.badRequest(String.valueOf(e.getMessage()));
    }
  }

  CompletableFuture<Answer> recall(Request request, Query query) {
    boolean asText = query.asText();
    asked(
        null,
        () -> {
          coordinator.resume();
          return true;
        });
    return Answer.now(report(200, coordinator.report(), asText));
  }

  CompletableFuture<Answer> shed(Request request, Query query) {
    boolean asText = query.asText();
    if (query.has("count") == query.has("fraction")) {
      throw Refusal.badRequest(
          "shed: "
              + (query.has("count") ? "count and fraction" : "how many is not said")
              + " (expected: count or fraction)");
    }
    BigDecimal fraction = query.has("fraction") ? query.fraction("fraction") : null;
    int connections = coordinator.report().connections();
    int count = fraction == null ? query.count("count") : share(fraction, connections);
    int going = asked(null, () -> coordinator.shed(count));
    return Answer.now(
        asText
            ? Answer.text(202, "shedding " + going + " of " + connections + " connections")
            : Answer.json(202, "{\"shedding\":" + going + ",\"connections\":" + connections + "}"));
  }

  /** That share of the connections, at least one. */
  static int share(BigDecimal fraction, int connections) {
    BigDecimal share = fraction.multiply(BigDecimal.valueOf(connections));
    return Math.max(1, share.setScale(0, RoundingMode.HALF_UP).intValueExact());
  }

  private static Answer report(int status, DrainReport report, boolean asText) {
    return asText ? Answer.text(status, report.toText()) : Answer.json(status, report.toJson());
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
