package io.gracefuldrain;

import io.gracefuldrain.ConnectionCaller.Call;
import java.util.ArrayList;
import java.util.List;

/** The steps of a drain or a shed, one after the other on the coordinator's thread. */
final class DrainLoop {
  private final Clockwork clock;
  private final StepFailures failures;
  private final Monitor monitor;
  private final Announcements announcements;
  private final PhaseState state;
  private final Roster roster;
  private final StripedGate work;
  private final Ticker ticker;
  private final ConnectionCaller caller;
  private final SlotScheduler scheduler;
  private final Shed shed;
  private final DrainLifecycle lifecycle;
  private final PreStopHooks hooks;

  DrainLoop(
      CoordinatorParts parts,
      ConnectionCaller caller,
      SlotScheduler scheduler,
      Shed shed,
      DrainLifecycle lifecycle,
      PreStopHooks hooks) {
    this.clock = parts.clock();
    this.failures = new StepFailures(parts.journal());
    this.monitor = parts.monitor();
    this.announcements = parts.announcements();
    this.state = parts.state();
    this.roster = parts.roster();
    this.work = parts.work();
    this.ticker = parts.ticker();
    this.caller = caller;
    this.scheduler = scheduler;
    this.shed = shed;
    this.lifecycle = lifecycle;
    this.hooks = hooks;
  }

  /** Decides under the lock, calls without it, and comes again while there is something to do. */
  void step() {
    boolean callsOut = true;
    try {
      List<Call> calls = new ArrayList<>();
      monitor.run(() -> advance(clock.nanos(), calls));
      caller.call(calls);
      callsOut = caller.check();
    } catch (Throwable e) { // whatever goes wrong in a step, the drain takes the next
      failures.add(e);
    }
    boolean waits = callsOut;
    if (monitor.get(() -> ticker.goesOn(waits || busy()))) {
      ticker.again();
    } else {
      failures.clear();
    }
  }

  private boolean busy() {
    DrainPhase phase = state.phase();
    return (phase.draining() && !state.record().completed)
        || hooks.mayReset()
        || shed.goesOn()
        || roster.size() > roster.waiting.size()
        || (phase.lettingGo() && roster.size() > 0);
  }

  /** The one place that decides, when time has passed, whether the phase changes. */
  private void advance(long now, List<Call> calls) {
    DrainPhase before;
    do {
      before = state.phase();
      switch (before) {
        case STARTING -> {}
        case SERVING -> {
          shed.move(now, calls);
          noteExpired(letGo(now, calls));
        }
        case UNREADY -> {
          noteExpired(letGo(now, calls)); // whom a shed has chosen
          if (state.overdue(now)) {
            lifecycle.enter(DrainPhase.MOVING, now);
          }
        }
        case MOVING -> {
          move(now, calls);
          if (roster.size() == 0 || state.overdue(now)) {
            work.seal();
            scheduler.allDue(now);
            lifecycle.enter(DrainPhase.SETTLING, now);
          }
        }
        case SETTLING -> {
          settle(now, calls);
          if (nothingLeft() || state.overdue(now)) {
            lifecycle.enter(DrainPhase.FORCING, now);
          }
        }
        case FORCING -> {
          scheduler.force(now, calls);
          if (nothingLeft() || state.overdue(now)) {
            lifecycle.finish(now);
          }
        }
        case DRAINED -> {
          scheduler.force(now, calls); // who slipped in after the receipt
          complete(now);
          hooks.reset(now);
        }
      }
    } while (state.phase() != before && state.phase().draining());
  }

  private boolean nothingLeft() {
    return roster.size() == 0 && work.inFlight() == 0;
  }

  private void move(long now, List<Call> calls) {
    int most = roster.unslotted();
    scheduler.move(
        now, state.lastSlot(), most, state.budget().hintGrace(), SlotScheduler.DRAIN, calls);
    noteExpired(letGo(now, calls));
  }

  private void settle(long now, List<Call> calls) {
    scheduler.allDue(now); // also who was admitted since
    noteExpired(letGo(now, calls) + work.expire(now));
  }

  /** Lets go of whoever has had the slot, and is idle; returns how many leases expired. */
  private int letGo(long now, List<Call> calls) {
    scheduler.endHints(now, state.budget().hintGrace(), state.lastAnswer(now));
    return scheduler.letGoOfIdle(now, calls);
  }

  private void noteExpired(int leases) {
    if (leases > 0) {
      state.record().workExpired += state.phase().draining() ? leases : 0;
      announcements.warn(LogCode.WORK_EXPIRED.line().put("leases", leases), null);
    }
  }

  /** The linger is over. */
  private void complete(long now) {
    DrainRecord record = state.record();
    DrainReport receipt = record.receipt;
    if (state.overdue(now) && receipt != null) {
      announcements.complete(record, receipt);
    }
  }
}
