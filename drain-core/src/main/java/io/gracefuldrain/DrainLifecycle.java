package io.gracefuldrain;

import java.time.Duration;
import java.util.List;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The transitions of a drain: how it begins, is joined, shortened, recalled and ended. Called with
 * the coordinator's lock. The present state is in {@link PhaseState}: it keeps only the news that
 * is still to be told.
 */
final class DrainLifecycle {
  /**
   * The time left for draining when SIGTERM comes while a preStop request is still open. The
   * kubelet has then used up the grace period and leaves 2 s (kuberuntime's
   * minimumGracePeriodInSeconds); one is for connections, the other for stopping servers.
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
  private final StepLoop steps;
  private final Shed shed;
  private final ConnectionRegistry registry;
  private final Participants participants;
  private final ReportBuilder reports;
  private final LongFunction<DrainReport> reportAt;
  private final OwedNews owed;

  DrainLifecycle(
      CoordinatorParts parts,
      boolean inKubernetes,
      Shed shed,
      ConnectionRegistry registry,
      Participants participants) {
    this(parts, inKubernetes, shed, registry, participants, parts.reports()::at);
  }

  /** With reports that may fail: they look at all connections, and need memory. */
  DrainLifecycle(
      CoordinatorParts parts,
      boolean inKubernetes,
      Shed shed,
      ConnectionRegistry registry,
      Participants participants,
      LongFunction<DrainReport> reportAt) {
    this.policy = parts.policy();
    this.clock = parts.clock();
    this.inKubernetes = inKubernetes;
    this.announcements = parts.announcements();
    this.counters = parts.counters();
    this.state = parts.state();
    this.roster = parts.roster();
    this.work = parts.work();
    this.reports = parts.reports();
    this.reportAt = reportAt;
    this.owed = new OwedNews(parts);
    this.steps = parts.steps();
    this.shed = shed;
    this.registry = registry;
    this.participants = participants;
  }

  /** The application has started. */
  void started() {
    state.applicationStarted();
    if (state.phase() == DrainPhase.STARTING) {
      enter(DrainPhase.SERVING, clock.nanos());
    }
  }

  /**
   * Starts or joins a drain.
   *
   * @param note what the asker says of it, or null
   * @param abandoned whether the platform has given up waiting for it
   * @return its record
   */
  DrainRecord drain(DrainReason reason, @Nullable String note, boolean abandoned) {
    state.requireOpen();
    counters.triggers.add(reason);
    long now = clock.nanos();
    if (state.phase().draining()) {
      join(reason, note, now);
    } else {
      begin(reason, note, now);
    }
    if (reason.terminates()) {
      tighten(withinGrace(now), now);
    }
    DrainRecord record = state.record();
    // A request that is open when the drain is done is being answered, not abandoned.
    if (abandoned && !record.completed()) {
      state.noticeCutShort();
      tighten(LAST_NOTICE.toNanos(), now);
    }
    return record;
  }

  private void begin(DrainReason reason, @Nullable String note, long now) {
    steps.wake(); // first: whatever fails below, the drain has its steps
    long epoch = state.record().epoch() + 1;
    DrainRecord record =
        new DrainRecord(epoch, clock.wallTime(), now, roster.size(), counters.refused.sum());
    record.handedOverBefore(counters.handOver.counts());
    state.begin(record, state.started() && keepsReady(reason));
    state.asked(reason, now);
    record.noted(note);
    shed.stop();
    enter(DrainPhase.UNREADY, now);
  }

  private boolean keepsReady(DrainReason reason) {
    return switch (policy.readiness()) {
      case KEEP -> true;
      case FAIL -> false;
      case AUTO -> inKubernetes && reason.terminates();
    };
  }

  private void join(DrainReason reason, @Nullable String note, long now) {
    steps.wake();
    state.asked(reason, now);
    state.record().noted(note);
    Json line =
        LogCode.JOINED.line().put("reason", reason.name()).put("phase", state.phase().name());
    announcements.info(note == null ? line : line.put("note", note));
  }

  /** As {@link Drain#within}. */
  void tighten(DrainRecord record, Duration within) {
    requireCurrent("within", record);
    tighten(Durations.nanos(within), clock.nanos());
  }

  private void tighten(long within, long now) {
    long left = state.budgetRemaining(now);
    if (state.tighten(within, now)) {
      steps.wake(); // all that is due has come closer
      counters.compressions.increment();
      Json line =
          LogCode.COMPRESSED
              .line()
              .put("phase", state.phase().name())
              .put("fromMs", left / 1_000_000)
              .put("toMs", state.budget().total() / 1_000_000);
      if (roster.size() == 0 && reports.workInFlight(now) == 0) { // nobody has less time
        announcements.info(line);
      } else {
        announcements.warn(line, null);
      }
    }
  }

  /**
   * What the grace period leaves for the drain: it is less than planned when the grace period began
   * with another coordinator or a hook that overran, or when the budget never fitted. When not even
   * the stop margin is left, draining and stopping share what there is.
   */
  private long withinGrace(long now) {
    long least = Math.min(2 * LAST_NOTICE.toNanos(), Durations.nanos(policy.gracePeriod()));
    long left = Math.max(least, state.graceLeft(now));
    return Math.max(
        left - Durations.nanos(policy.stopMargin()), Math.min(LAST_NOTICE.toNanos(), left / 2));
  }

  /** As {@link Drain#deadline()}. */
  Duration timeLeft(DrainRecord record) {
    return Duration.ofNanos(record == state.record() ? state.budgetRemaining(clock.nanos()) : 0);
  }

  /** As {@link DrainCoordinator#stopBudget()}. */
  Duration stopBudget() {
    if (state.shortNotice()) {
      return LAST_NOTICE;
    }
    if (!state.graceRuns()) {
      return policy.stopMargin();
    }
    // The stops have what a drain does not use, and lose what it or a hook has overrun.
    long now = clock.nanos();
    long forStops = state.graceLeft(now) - state.budgetRemaining(now);
    return Duration.ofNanos(Math.max(LAST_NOTICE.toNanos(), forStops));
  }

  /** As {@link Drain#recall()}. */
  void recall(DrainRecord record) {
    requireCurrent("recall", record);
    recallUnlessTooLate("recall");
  }

  private void requireCurrent(String what, DrainRecord record) {
    state.requireOpen();
    if (record != state.record() || !state.phase().draining()) {
      throw new IllegalStateException(
          what + ": drain " + record.epoch() + " was recalled (expected: the current drain)");
    }
  }

  /** As {@link DrainCoordinator#resume()}. */
  void resume() {
    state.requireOpen();
    if (!state.phase().draining()) {
      throw new IllegalStateException(
          "resume: the phase is " + state.phase() + " (expected: a drain to recall)");
    }
    recallUnlessTooLate("resume");
  }

  private void recallUnlessTooLate(String what) {
    for (DrainReason reason : state.holding()) {
      if (reason.irrevocable()) {
        throw new IllegalStateException(
            what
                + ": "
                + reason
                + " has asked for the drain (expected: nothing that ends the process for certain)");
      }
    }
    recall(clock.nanos());
  }

  /** Whether a preStop hook asked for the drain, and nothing yet says that the process ends. */
  boolean heldByHook() {
    return state.holding().contains(DrainReason.PRE_STOP)
        && state.holding().stream().noneMatch(DrainReason::irrevocable);
  }

  /**
   * The preStop hook no longer holds the drain; the pod serves again if nobody else asked for it.
   */
  void releaseHook(long now) {
    if (state.hookReleased()) {
      recall(now);
    }
  }

  private void recall(long now) {
    steps.wake();
    registry.recall(now);
    state.recalled();
    work.open();
    DrainRecord record = state.record();
    enter(state.started() ? DrainPhase.SERVING : DrainPhase.STARTING, now);
    registry.recalled();
    participants.recalled();
    boolean receiptIsOut = record.drained();
    if (!receiptIsOut) {
      record.endedAt(now);
    }
    owed.add(() -> tellRecalled(record, receiptIsOut));
    owed.tell();
  }

  private void tellRecalled(DrainRecord record, boolean receiptIsOut) {
    DrainReport report = reportAt.apply(clock.nanos());
    if (!receiptIsOut) {
      announcements.info(LogCode.RECALLED.line().put("epoch", record.epoch()));
      announcements.receipt(report);
    } // else what came after the receipt was admitted late, and is in the report
    complete(record, report);
  }

  /** Every connection has gone, or has had its time. */
  void finish(long now) {
    registry.accountAll(now);
    state.record().abandoned(reports.workInFlight(now));
    noteLostAtOnce(state.record());
    enter(DrainPhase.DRAINED, now);
    issue(now);
  }

  /** Something in front of the pod has ended before it, and taken the connections along. */
  private void noteLostAtOnce(DrainRecord record) {
    int lost = record.lostAtOnce();
    if (lost > 0) {
      record.remarked(
          lost
              + " of "
              + record.tracked()
              + " connections were lost within one second: a proxy or sidecar ended");
      announcements.warn(
          LogCode.LOST_AT_ONCE.line().put("lost", lost).put("of", record.tracked()), null);
    }
  }

  /** After the linger, the drain completes. */
  void linger(long now) {
    DrainRecord record = state.record();
    DrainReport receipt = record.receipt() == null ? issue(now) : record.receipt();
    if (state.overdue(now)) {
      complete(record, receipt);
    }
  }

  private DrainReport issue(long now) {
    DrainReport receipt = reportAt.apply(now);
    announcements.receipt(receipt);
    state.record().issued(receipt);
    return receipt;
  }

  private void complete(DrainRecord record, DrainReport report) {
    if (!record.completed()) {
      announcements.complete(record.completions(waiter -> waiter.complete(report)));
      record.completedWith(report);
    }
  }

  /** The coordinator is closed. A drain that goes on is left where it is. */
  void close() {
    if (state.closed()) {
      return;
    }
    state.close();
    DrainRecord record = state.record();
    if (record.receipt() != null) {
      complete(record, record.receipt());
    } else if (state.phase().draining()) {
      IllegalStateException closed =
          new IllegalStateException(
              "the coordinator was closed in "
                  + state.phase()
                  + " (expected: once the drain is over)");
      announcements.complete(record.completions(waiter -> waiter.completeExceptionally(closed)));
    }
  }

  /** Whether something is still to be told. */
  boolean owesNews() {
    return !owed.isEmpty();
  }

  /** Tells what has failed to be told. */
  void tellOwed() {
    owed.tell();
  }

  /** The one place where the phase changes. What cannot be told of it now is told later. */
  void enter(DrainPhase phase, long now) {
    DrainPhase from = state.phase();
    DrainRecord record = state.record();
    owed.add(() -> ask(record, phase));
    owed.add(() -> tell(from, phase)); // both before the change, which needs no room any more
    try {
      state.enter(phase, now);
    } catch (Throwable e) {
      owed.removeLast();
      owed.removeLast();
      throw e;
    }
    owed.tell();
  }

  private void ask(DrainRecord record, DrainPhase phase) {
    if (record == state.record() && state.phase().draining()) { // else it was recalled meanwhile
      participants.entered(phase);
    }
  }

  private void tell(DrainPhase from, DrainPhase phase) {
    DrainReport report = reportAt.apply(clock.nanos());
    boolean noted = phase.draining() && !report.notes().isEmpty();
    Json line =
        LogCode.of(phase)
            .line()
            .put("phase", phase.name())
            .put("from", from.name())
            .put("epoch", report.epoch())
            .putArray("reasons", phase.draining() ? report.reasons() : List.of())
            .put("ready", report.ready())
            .put("connections", report.connections())
            .put("workInFlight", report.workInFlight())
            .putMillis("budgetRemaining", report.budgetRemaining());
    announcements.info(noted ? line.putArray("notes", report.notes()) : line);
    announcements.phaseChanged(listener -> listener.phaseChanged(from, phase, report));
  }
}
