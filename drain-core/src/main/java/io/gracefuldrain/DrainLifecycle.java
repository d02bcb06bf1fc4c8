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
final class DrainLifecycle {
  /**
   * What is left for draining when SIGTERM comes while a preStop request is still open. The kubelet
   * has then used up the grace period and leaves 2 s (kuberuntime's minimumGracePeriodInSeconds);
   * one is for connections, the other for stopping servers.
   */
  static final Duration LAST_NOTICE = Duration.ofSeconds(1);

  private final DrainPolicy policy;
  private final Clockwork clock;
  private final boolean inKubernetes;
  private final Announcements announcements;
  private final Counters counters;
  private final PhaseState state;
  private final Roster roster;
  private final StripedGate work;
  private final Ticker ticker;
  private final SlotScheduler scheduler;
  private final Shed shed;
  private final ConnectionRegistry registry;
  private final ReportBuilder reports;

  // Who asked for the drain and has not let go of it.
  private final Set<DrainReason> holding = EnumSet.noneOf(DrainReason.class);
  private boolean started;
  private boolean shortNotice;
  // Since when the platform's grace period runs, if somebody has said that the process ends.
  private boolean graceRuns;
  private long graceSince;

  DrainLifecycle(
      CoordinatorParts parts,
      boolean inKubernetes,
      SlotScheduler scheduler,
      Shed shed,
      ConnectionRegistry registry,
      ReportBuilder reports) {
    this.policy = parts.policy();
    this.clock = parts.clock();
    this.inKubernetes = inKubernetes;
    this.announcements = parts.announcements();
    this.counters = parts.counters();
    this.state = parts.state();
    this.roster = parts.roster();
    this.work = parts.work();
    this.ticker = parts.ticker();
    this.scheduler = scheduler;
    this.shed = shed;
    this.registry = registry;
    this.reports = reports;
  }

  /** The application is up. */
  void started() {
    started = true;
    if (state.phase() == DrainPhase.STARTING) {
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
    state.requireOpen();
    counters.triggers.add(reason);
    long now = clock.nanos();
    if (reason.terminates() && !graceRuns) {
      graceRuns = true;
      graceSince = now;
    }
    if (state.phase().draining()) {
      join(reason);
    } else {
      begin(reason, now);
    }
    if (within != null) {
      tighten(Durations.nanos(within), now);
    }
    // A request that is open when the drain is done is being answered, not abandoned.
    if (abandoned && !state.record().completed) {
      shortNotice = true;
      tighten(LAST_NOTICE.toNanos(), now);
    }
    return state.record().done.minimalCompletionStage();
  }

  private void begin(DrainReason reason, long now) {
    DrainRecord record =
        new DrainRecord(
            state.record().epoch + 1, clock.wallTime(), now, roster.size(), counters.refused.sum());
    record.reasons.add(reason);
    holding.clear();
    holding.add(reason);
    state.begin(record, started && keepsReady(reason));
    scheduler.reset();
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
    List<DrainReason> reasons = state.record().reasons;
    if (!reasons.contains(reason)) {
      reasons.add(reason);
    }
    announcements.info(
        LogCode.JOINED.line().put("reason", reason.name()).put("phase", state.phase().name()));
    ticker.wake();
  }

  private void tighten(long within, long now) {
    long left = state.budgetRemaining(now);
    if (state.tighten(within, now)) {
      counters.compressions.increment();
      announcements.warn(
          LogCode.COMPRESSED
              .line()
              .put("phase", state.phase().name())
              .put("fromMs", left / 1_000_000)
              .put("toMs", state.budget().total() / 1_000_000),
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
    long forStops = graceLeft - state.budgetRemaining(now);
    return Duration.ofNanos(Math.max(least, Math.min(margin, forStops)));
  }

  /** As {@link DrainCoordinator#resume()}. */
  void resume() {
    state.requireOpen();
    if (!state.phase().draining()) {
      throw new IllegalStateException(
          "resume: the phase is " + state.phase() + " (expected: a drain to recall)");
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
    registry.recall(now);
    holding.clear();
    shortNotice = false;
    graceRuns = false;
    state.restoreBudget();
    work.open();
    DrainRecord record = state.record();
    DrainReport receipt = enter(started ? DrainPhase.SERVING : DrainPhase.STARTING, now);
    if (!record.drained) {
      record.drained = true;
      record.endedAt = now;
      announcements.info(LogCode.RECALLED.line().put("epoch", record.epoch));
      announcements.receipt(receipt);
    } // else its receipt is out; what came later was admitted late, and is in the report
    announcements.complete(record, receipt);
  }

  /** Everybody has gone, or had the time to. */
  void finish(long now) {
    DrainRecord record = state.record();
    record.workAbandoned += work.inFlight();
    registry.accountAll(now);
    DrainReport receipt = enter(DrainPhase.DRAINED, now);
    record.receipt = receipt;
    announcements.receipt(receipt);
  }

  /** The one place where the phase changes. */
  DrainReport enter(DrainPhase phase, long now) {
    DrainPhase from = state.phase();
    state.enter(phase, now);
    DrainReport report = reports.at(now);
    announcements.info(
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
    announcements.tell(listener -> listener.phaseChanged(from, phase, report));
    return report;
  }
}
