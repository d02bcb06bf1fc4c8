package io.gracefuldrain;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The pod's life: how a drain begins, is joined, hurried, recalled and ended. Called with the
 * coordinator's lock, which guards it.
 */
final class Life {
  /**
   * What is left for draining when SIGTERM comes while a preStop request is still open. The kubelet
   * has then used up the grace period and leaves 2 s (kuberuntime's minimumGracePeriodInSeconds);
   * one is for connections, the other for stopping servers.
   */
  static final Duration LAST_NOTICE = Duration.ofSeconds(1);

  private final DrainPolicy policy;
  private final Clockwork clock;
  private final boolean inKubernetes;
  private final News news;
  private final Counters counters;
  private final Course course;
  private final Roster roster;
  private final StripedGate work;
  private final Ticker ticker;
  private final Mover mover;
  private final Shed shed;
  private final Connections connections;
  private final Reports reports;

  // Who asked for the drain and has not let go of it.
  private final Set<DrainReason> holding = EnumSet.noneOf(DrainReason.class);
  private boolean started;
  private boolean shortNotice;
  // Since when the platform's grace period runs, if somebody has said that the process ends.
  private boolean graceRuns;
  private long graceSince;

  Life(
      Shared shared,
      boolean inKubernetes,
      Mover mover,
      Shed shed,
      Connections connections,
      Reports reports) {
    this.policy = shared.policy();
    this.clock = shared.clock();
    this.inKubernetes = inKubernetes;
    this.news = shared.news();
    this.counters = shared.counters();
    this.course = shared.course();
    this.roster = shared.roster();
    this.work = shared.work();
    this.ticker = shared.ticker();
    this.mover = mover;
    this.shed = shed;
    this.connections = connections;
    this.reports = reports;
  }

  /** The application is up. */
  void started() {
    started = true;
    if (course.phase() == DrainPhase.STARTING) {
      enter(DrainPhase.SERVING, clock.nanos());
    }
  }

  /**
   * Starts or joins a drain.
   *
   * @param within when it must be done, or null
   * @param abandoned whether the platform has given up waiting for it
   */
  CompletionStage<DrainReport> drain(
      DrainReason reason, @Nullable Duration within, boolean abandoned) {
    course.requireOpen();
    counters.triggers.add(reason);
    long now = clock.nanos();
    if (reason.terminates() && !graceRuns) {
      graceRuns = true;
      graceSince = now;
    }
    if (course.phase().draining()) {
      join(reason);
    } else {
      begin(reason, now);
    }
    if (within != null) {
      tighten(Durations.nanos(within), now);
    }
    // A request that is open when the drain is done is being answered, not abandoned.
    if (abandoned && !course.book().completed) {
      shortNotice = true;
      tighten(LAST_NOTICE.toNanos(), now);
    }
    return course.book().done.minimalCompletionStage();
  }

  private void begin(DrainReason reason, long now) {
    DrainBook book =
        new DrainBook(
            course.book().epoch + 1, clock.wallTime(), now, roster.size(), counters.refused.sum());
    book.reasons.add(reason);
    holding.clear();
    holding.add(reason);
    course.begin(book, started && keepsReady(reason));
    mover.reset();
    shed.stop();
    enter(DrainPhase.UNREADY, now);
    ticker.wake();
  }

  private boolean keepsReady(DrainReason reason) {
    return switch (policy.readiness()) {
      case KEEP -> true;
      case FAIL -> false;
      case AUTO -> inKubernetes && reason.terminates();
    };
  }

  private void join(DrainReason reason) {
    holding.add(reason);
    List<DrainReason> reasons = course.book().reasons;
    if (!reasons.contains(reason)) {
      reasons.add(reason);
    }
    news.info(
        LogCode.JOINED.line().put("reason", reason.name()).put("phase", course.phase().name()));
    ticker.wake();
  }

  private void tighten(long within, long now) {
    long left = course.budgetRemaining(now);
    if (course.tighten(within, now)) {
      counters.compressions.increment();
      news.warn(
          LogCode.COMPRESSED
              .line()
              .put("phase", course.phase().name())
              .put("fromMs", left / 1_000_000)
              .put("toMs", course.spans().total() / 1_000_000),
          null);
    }
  }

  /** As {@link DrainCoordinator#stopBudget()}. */
  Duration stopBudget() {
    long margin = Durations.nanos(policy.stopMargin());
    long least = Math.min(margin, LAST_NOTICE.toNanos());
    if (shortNotice) {
      return Duration.ofNanos(least);
    }
    if (!graceRuns) {
      return policy.stopMargin();
    }
    // A drain that has overrun its time, or a hook that has, took it from the stops.
    long now = clock.nanos();
    long graceLeft = Durations.nanos(policy.gracePeriod()) - (now - graceSince);
    long forStops = graceLeft - course.budgetRemaining(now);
    return Duration.ofNanos(Math.max(least, Math.min(margin, forStops)));
  }

  /** As {@link DrainCoordinator#resume()}. */
  void resume() {
    course.requireOpen();
    if (!course.phase().draining()) {
      throw new IllegalStateException(
          "resume: the phase is " + course.phase() + " (expected: a drain to recall)");
    }
    for (DrainReason reason : holding) {
      if (reason.terminates()) {
        throw new IllegalStateException(
            "resume: the drain was asked for by " + reason + " (expected: a manual one)");
      }
    }
    recall(clock.nanos());
  }

  /** Whether a preStop hook asked for the drain, and nothing yet says that the process ends. */
  boolean heldByHook() {
    return holding.contains(DrainReason.PRE_STOP)
        && holding.stream().noneMatch(DrainReason::irrevocable);
  }

  /** The preStop hook takes its word back; so the pod serves again if nobody else asked. */
  void releaseHook(long now) {
    holding.remove(DrainReason.PRE_STOP);
    graceRuns = false;
    if (holding.isEmpty()) {
      recall(now);
    }
  }

  private void recall(long now) {
    connections.recall(now);
    holding.clear();
    shortNotice = false;
    graceRuns = false;
    course.restoreSpans();
    work.open();
    DrainBook book = course.book();
    DrainReport receipt = enter(started ? DrainPhase.SERVING : DrainPhase.STARTING, now);
    if (!book.drained) {
      book.drained = true;
      book.endedAt = now;
      news.info(LogCode.RECALLED.line().put("epoch", book.epoch));
      news.receipt(receipt);
    } // else its receipt is out; what came later was admitted late, and is in the report
    news.complete(book, receipt);
  }

  /** Everybody has gone, or had the time to. */
  void finish(long now) {
    DrainBook book = course.book();
    book.workAbandoned += work.inFlight();
    connections.accountAll(now);
    DrainReport receipt = enter(DrainPhase.DRAINED, now);
    book.receipt = receipt;
    news.receipt(receipt);
  }

  /** The one place where the phase changes. */
  DrainReport enter(DrainPhase phase, long now) {
    DrainPhase from = course.phase();
    course.enter(phase, now);
    DrainReport report = reports.at(now);
    news.info(
        LogCode.of(phase)
            .line()
            .put("phase", phase.name())
            .put("from", from.name())
            .put("epoch", report.epoch())
            .putArray("reasons", phase.draining() ? report.reasons() : List.of())
            .put("ready", report.ready())
            .put("connections", report.connections())
            .put("workInFlight", report.workInFlight())
            .putMillis("budgetRemaining", report.budgetRemaining()));
    news.tell(listener -> listener.phaseChanged(from, phase, report));
    return report;
  }
}
