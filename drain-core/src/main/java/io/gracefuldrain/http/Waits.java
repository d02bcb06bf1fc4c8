package io.gracefuldrain.http;

import io.gracefuldrain.DrainReport;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers that come later, bounded in time and in how many may wait for one. Thread-safe. */
final class Waits {
  /** How many requests of a kind may wait: the kubelet has one or two, a person a few more. */
  static final int PLACES = 64;

  // The endpoints' logger, by its name. Their class uses this one: the class itself would make a
  // circle.
  private static final Logger LOG = LoggerFactory.getLogger("io.gracefuldrain.http.DrainEndpoints");

  private final Semaphore places = new Semaphore(PLACES);
  private final Bound bound;

  Waits(Bound bound) {
    this.bound = bound;
  }

  /** An answer that comes later. When the bound is reached it says that it is too late. */
  CompletableFuture<Answer> later(Duration most, String tooLate) {
    if (!places.tryAcquire()) {
      throw new Refusal(Answer.error(503, "requests that wait: " + PLACES + " (expected: fewer)"));
    }
    CompletableFuture<Answer> answer = new CompletableFuture<>();
    whenAnswered(answer, given -> places.release());
    bound.set(
        answer,
        most,
        () -> {
          if (answer.complete(Answer.error(503, tooLate))) {
            LOG.warn("DRAIN-042 {}", tooLate);
          }
        });
    return answer;
  }

  /** Passes on the answer once the server has it, or null when the client is gone. */
  @SuppressWarnings("FutureReturnValueIgnored") // the callback does not throw
  static void whenAnswered(CompletableFuture<Answer> answer, Consumer<@Nullable Answer> told) {
    answer.whenComplete((given, broken) -> told.accept(given));
  }

  /** Makes the answer from the report, once the drain completes. */
  @SuppressWarnings("FutureReturnValueIgnored") // its failure is the answer's
  static CompletableFuture<Answer> completedBy(
      CompletionStage<DrainReport> done,
      CompletableFuture<Answer> answer,
      Function<DrainReport, Answer> made) {
    done.whenComplete(
        (report, failure) ->
            answer.complete(
                failure == null ? made.apply(report) : Answer.error(503, reason(failure))));
    return answer;
  }

  /** Why a drain has no report: the coordinator was closed. */
  private static String reason(Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    return String.valueOf(cause == null ? failure : cause.getMessage());
  }
}
