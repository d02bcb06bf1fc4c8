package io.gracefuldrain.http;

import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.Durations;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** Answers the probes, and the postStart hook, which is a startup probe that waits. */
final class Probes {
  static final Duration START_BOUND = Duration.ofMinutes(5);

  private final DrainCoordinator coordinator;
  private final ReadyChecks checks;
  private final Waits waits;
  private final Set<CompletableFuture<Answer>> awaitingStart = ConcurrentHashMap.newKeySet();

  @SuppressWarnings("FutureReturnValueIgnored") // startUp does not throw
  Probes(DrainCoordinator coordinator, ReadyChecks checks, Waits waits) {
    this.coordinator = coordinator;
    this.checks = checks;
    this.waits = waits;
    coordinator.whenStarted().thenRun(this::startUp);
  }

  private void startUp() {
    awaitingStart.forEach(waiting -> waiting.complete(good()));
  }

  CompletableFuture<Answer> live(Request request, Query query) {
    return Answer.now(
        coordinator.alive() ? good() : Answer.error(503, "the coordinator is closed"));
  }

  CompletableFuture<Answer> ready(Request request, Query query) {
    return coordinator.ready() ? checks.answer(this::stillReady) : Answer.now(notReady());
  }

  /** A drain may have begun while the checks were asked. */
  private Answer stillReady() {
    return coordinator.ready() ? good() : notReady();
  }

  private Answer notReady() {
    return Answer.error(503, "not ready: the phase is " + coordinator.phase());
  }

  CompletableFuture<Answer> startedUp(Request request, Query query) {
    return Answer.now(coordinator.hasStarted() ? good() : Answer.error(503, "not started"));
  }

  @SuppressWarnings("CollectionUndefinedEquality") // each future is meant, and none like it
  CompletableFuture<Answer> postStart(Request request, Query query) {
    CompletableFuture<Answer> answer =
        waits.later(START_BOUND, "not started within " + Durations.format(START_BOUND));
    awaitingStart.add(answer);
    Waits.whenAnswered(answer, given -> awaitingStart.remove(answer));
    if (coordinator.hasStarted()) {
      answer.complete(good());
    }
    return answer;
  }

  private Answer good() {
    return Answer.json(
        200, "{\"phase\":\"" + coordinator.phase() + "\",\"ready\":" + coordinator.ready() + "}");
  }
}
