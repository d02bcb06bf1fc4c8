package io.gracefuldrain;

import io.gracefuldrain.ConnectionCaller.Call;
import io.gracefuldrain.RosterEntry.Stage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The place where connections come and go, and each gets its outcome. Registering one and changing
 * the phase happen under one lock, so nobody slips past a drain.
 */
final class ConnectionRegistry implements TrackedConnection.Reactions {
  // The transport of a connection that the coordinator itself ends: foreign code is not asked
  // under the lock.
  private static final String UNKNOWN = "unknown";

  private final Clockwork clock;
  private final Journal journal;
  private final Monitor monitor;
  private final Announcements announcements;
  private final Counters counters;
  private final PhaseState state;
  private final Roster roster;
  private final StepLoop steps;
  private final ConnectionCaller caller;
  private final SlotScheduler scheduler;
  private final Transit transit;
  private final CrashPlans plans;
  private final OutlivedWork outlived;
  private final Mailboxes mailboxes;

  ConnectionRegistry(CoordinatorParts parts, SlotScheduler scheduler, CrashPlans plans) {
    this.clock = parts.clock();
    this.journal = parts.journal();
    this.monitor = parts.monitor();
    this.announcements = parts.announcements();
    this.counters = parts.counters();
    this.state = parts.state();
    this.roster = parts.roster();
    this.steps = parts.steps();
    this.caller = parts.caller();
    this.scheduler = scheduler;
    this.transit = parts.transit();
    this.plans = plans;
    this.outlived = new OutlivedWork(parts);
    this.mailboxes = new Mailboxes(parts);
  }

  // ---------------------------------------------------------------- what adapters say

  TrackedConnection register(
      Function<? super ConnectionHandle, ? extends DrainableConnection> connecting) {
    TrackedConnection tracked = new TrackedConnection(connecting, this, roster, clock);
    boolean added = false;
    // The everyday way: nothing to be told.
    monitor.lock();
    try {
      if (tracked.ended()) {
        goes(tracked); // its client was quicker; its work may go on
        return tracked;
      }
      if (!state.phase().draining()) {
        tracked.waits();
        added = true;
        if (!plans.due()) {
          return tracked;
        }
      }
    } finally {
      monitor.unlock();
    }
    monitor.run(added ? plans::begin : () -> admitLate(tracked));
    return tracked;
  }

  private void admitLate(TrackedConnection tracked) {
    if (tracked.ended()) {
      goes(tracked);
      return;
    }
    tracked.waits();
    if (state.phase().draining()) {
      state.record().admitted();
      if (state.phase().lettingGo()) {
        state.record().admittedLate();
        tracked.late(clock.nanos());
        steps.wake();
      }
    }
  }

  @Override
  public void becameIdle(TrackedConnection tracked) {
    List<Call> calls = new ArrayList<>(1);
    monitor.run(
        () -> {
          scheduler.becameIdle(tracked, clock.nanos(), calls);
          if (tracked.at(Stage.DUE)) { // busy again, perhaps with a limit that ends soon
            steps.wake();
          }
        });
    callNow(calls);
  }

  /** Makes calls that no step has decided, and has steps look after them until they are over. */
  private void callNow(List<Call> calls) {
    if (!calls.isEmpty()) {
      caller.call(calls);
      monitor.run(steps::wake);
    }
  }

  @Override
  public long waitLeft(long now) {
    return monitor.get(() -> state.waitLeft(now));
  }

  @Override
  public void aware(TrackedConnection tracked) {
    monitor.run(tracked::saidAware);
  }

  @Override
  public void heard(TrackedConnection tracked) {
    monitor.run(() -> tracked.heardHint(clock.nanos()));
  }

  @Override
  public void landed(TrackedConnection tracked, String pod, Duration connectTime) {
    if (Objects.requireNonNull(pod, "pod").equals(state.pod())) {
      return; // it came back to where it was: that is no landing
    }
    monitor.run(
        () -> {
          if (tracked.landedElsewhere(pod) && state.phase().draining()) {
            state.record().landed(Math.max(0, Durations.nanos(connectTime)));
            transit.landed(tracked, clock.nanos());
          }
        });
  }

  @Override
  public <T> T asked(Supplier<T> question) {
    return monitor.get(question);
  }

  @Override
  public @Nullable KeptSession keep(TrackedConnection tracked, String session) {
    return mailboxes.keep(tracked, session);
  }

  /** The sessions that are kept for other pods. */
  KeptSessions kept() {
    return mailboxes;
  }

  @Override
  public void left(TrackedConnection tracked, Departure how) {
    Kept session = tracked.session();
    if (session == null || session.left(() -> accountFor(tracked, how))) {
      accountFor(tracked, how);
    }
  }

  private void accountFor(TrackedConnection tracked, Departure how) {
    if (leftUnnoticed(tracked)) {
      return;
    }
    String transport = transport(tracked);
    monitor.run(
        () -> {
          if (tracked.onRoster()) {
            long now = clock.nanos();
            Outcome outcome = tracked.outcome(how);
            if (outcome == Outcome.LOST && state.phase().draining()) {
              state.record().lost(now);
            }
            account(tracked, transport, outcome, now);
            plans.begin();
          }
        });
  }

  /** The everyday ways: nothing to be told. */
  private boolean leftUnnoticed(TrackedConnection tracked) {
    boolean plansDue;
    monitor.lock();
    try {
      if (!tracked.onRoster()) {
        tracked.saidEnded(); // twice, or before it was registered
        return true;
      }
      if (state.phase().draining() || !tracked.at(Stage.PRESENT)) {
        return false;
      }
      goes(tracked);
      plansDue = plans.due();
    } finally {
      monitor.unlock();
    }
    if (plansDue) {
      monitor.run(plans::begin);
    }
    return true;
  }

  private String transport(TrackedConnection tracked) {
    try {
      return Objects.requireNonNullElse(tracked.connection.transport(), UNKNOWN);
    } catch (Throwable e) { // foreign code; its connection has ended all the same
      journal.warn(LogCode.CONNECTION_FAILED.line().put("connection", tracked.id), e);
      return UNKNOWN;
    }
  }

  List<Call> failed(Call call, boolean stuck) {
    counters.failures.increment();
    List<Call> calls = new ArrayList<>();
    monitor.run(
        () -> {
          if (state.phase().draining()) {
            state.record().callFailed();
          }
          scheduler.failed(call, stuck, clock.nanos(), calls);
          if (call.tracked().at(Stage.DUE)) {
            steps.wake();
          }
        });
    return calls;
  }

  // ---------------------------------------------------------------- outcomes, with the lock

  /** The drain is over: those still here have been cut without an answer. */
  void accountAll(long now) {
    int[] neverAsked = new int[1];
    roster.forEach(
        tracked -> {
          if (tracked.neverAsked()) {
            neverAsked[0]++;
            accountNeverAsked(tracked, now);
          } else {
            accountSilent(tracked, now);
          }
        });
    if (neverAsked[0] > 0) {
      announcements.warn(
          LogCode.NEVER_ASKED
              .line()
              .put("connections", neverAsked[0])
              .put("of", state.record().tracked()),
          null);
    }
  }

  /** Nobody has called it, so it was not closed: it goes down with the process. */
  private void accountNeverAsked(TrackedConnection tracked, long now) {
    counters.failures.increment();
    state.record().callFailed();
    account(tracked, UNKNOWN, Outcome.LOST, now);
  }

  /** The drain is recalled: those not yet let go stay. */
  void recall(long now) {
    List<Call> calls = new ArrayList<>();
    roster.forEach(
        tracked -> {
          if (tracked.keptUnlessSealed()) {
            kept(tracked, now);
          } else {
            if (tracked.at(Stage.DUE)) {
              scheduler.becameIdle(tracked, now, calls); // its last work ended in this moment
            }
            accountSilent(tracked, now);
          }
        });
    monitor.after(() -> callNow(calls));
  }

  /**
   * The pod serves again: clients that a drain kept from hearing of the crash plan hear of it, and
   * work that is left of others is looked after.
   */
  void recalled() {
    plans.begin();
    outlived.begin();
    mailboxes.recalled(clock.nanos());
  }

  private void accountSilent(TrackedConnection tracked, long now) {
    account(tracked, UNKNOWN, tracked.outcome(Departure.SILENT), now);
  }

  /** The one place where a connection gets its outcome and leaves the roster. */
  private void account(TrackedConnection tracked, String transport, Outcome outcome, long now) {
    assert monitor.held();
    transit.ended(tracked);
    goes(tracked);
    counters.ended.add(outcome);
    if (tracked.slot().given()) {
      counters.moves.record(tracked.slot().since(now));
    }
    if (state.phase().draining()) {
      DrainRecord record = state.record();
      record.ended(tracked, transport, outcome, now);
      tellProgress(record.newTenths(), now);
      if (roster.size() == 0) {
        steps.wake(); // the phase may be over
      }
    }
    announcements.connectionEnded(tracked.id, outcome);
  }

  /** It leaves the roster; its work may outlive it. */
  private void goes(TrackedConnection tracked) {
    tracked.gone();
    outlived.begin();
  }

  private void tellProgress(int tenths, long now) {
    if (tenths > 0) {
      announcements.info(
          LogCode.PROGRESS
              .line()
              .put("percent", tenths * 10L)
              .put("remaining", roster.size())
              .put("budgetRemainingMs", state.budgetRemaining(now) / 1_000_000));
    }
  }

  /** It has an outcome in the record of the drain, and stays on the roster all the same. */
  private void kept(TrackedConnection tracked, long now) {
    state.record().ended(tracked, UNKNOWN, Outcome.KEPT, now);
    counters.ended.add(Outcome.KEPT);
    announcements.connectionEnded(tracked.id, Outcome.KEPT);
  }
}
