package io.gracefuldrain;

import io.gracefuldrain.ConnectionCaller.Call;
import java.util.List;

/** The steps of a drain or a shed, one after the other on the coordinator's thread. */
final class DrainLoop implements StepLoop.Task {
  /** How long a drain without any time left still waits until each connection was called. */
  static final long ASKING = 200_000_000L;

  /** And how much longer for each part of very many that are closed by force. */
  private static final long PART = 4 * StepLoop.HURRY;

  private final Announcements announcements;
  private final PhaseState state;
  private final Roster roster;
  private final StripedGate work;
  private final SlotScheduler scheduler;
  private final Shed shed;
  private final DrainLifecycle lifecycle;
  private final PreStopHooks hooks;

  DrainLoop(
      CoordinatorParts parts,
      SlotScheduler scheduler,
      Shed shed,
      DrainLifecycle lifecycle,
      PreStopHooks hooks) {
    this.announcements = parts.announcements();
    this.state = parts.state();
    this.roster = parts.roster();
    this.work = parts.work();
    this.scheduler = scheduler;
    this.shed = shed;
    this.lifecycle = lifecycle;
    this.hooks = hooks;
  }

  @Override
  public boolean goesOn() {
    DrainPhase phase = state.phase();
    return (phase.draining() && !state.record().completed())
        || lifecycle.owesNews()
        || hooks.mayReset()
        || shed.goesOn()
        || roster.hinted.size() + roster.heard.size() + roster.due.size() > 0
        || (phase.lettingGo() && roster.size() > 0);
  }

  /**
   * How long it is until something is due: a slot, the end of the phase, or else a look, which may
   * be a tick late, so that many of them share a step.
   */
  @Override
  public long rest(long now) {
    if (scheduler.hurries(now)) {
      return StepLoop.HURRY;
    } else if (lifecycle.owesNews()) {
      return StepLoop.TICK;
    }
    long look = Math.max(StepLoop.TICK, Math.min(untilLook(now), scheduler.untilLook(now)));
    return Math.min(look, Math.min(untilSlot(now), untilEnd(now)));
  }

  private long untilSlot(long now) {
    return switch (state.phase()) {
      case SERVING -> shed.untilSlot(now);
      case MOVING -> scheduler.untilSlot(roster.unslotted(), state.ends(), now);
      case STARTING, UNREADY, SETTLING, FORCING, DRAINED -> StepLoop.LONGEST;
    };
  }

  /** Until the phase has had its time. What should have happened then is tried at each tick. */
  private long untilEnd(long now) {
    if (!state.phase().draining() || state.record().completed()) {
      return StepLoop.LONGEST;
    }
    return state.overdue(now) ? StepLoop.TICK : state.ends() - now;
  }

  /** Until a look may find that its phase is over before its time. */
  private long untilLook(long now) {
    return switch (state.phase()) {
      case STARTING, UNREADY -> StepLoop.LONGEST;
      case SERVING -> shed.untilLookBack(now);
      case MOVING -> roster.size() == 0 ? work.untilQuiet(now) : StepLoop.LONGEST;
      // Nobody says that the last work has ended whose connection has gone, or that has none.
      case SETTLING -> roster.size() == 0 ? StepLoop.TICK : work.limitLeft(now);
      case FORCING -> roster.size() == 0 ? StepLoop.TICK : StepLoop.LONGEST;
      case DRAINED -> hooks.untilReset(now);
    };
  }

  /** Acts in the phase, and then looks at the clock, also if what it does has failed. */
  @Override
  public void advance(long now, List<Call> calls) {
    lifecycle.tellOwed();
    DrainPhase before;
    do {
      before = state.phase();
      try {
        act(before, now, calls);
      } finally {
        look(before, now);
      }
    } while (state.phase() != before && state.phase().draining());
  }

  private void act(DrainPhase phase, long now, List<Call> calls) {
    switch (phase) {
      case STARTING -> {}
      case SERVING -> {
        shed.move(now, calls);
        noteExpired(scheduler.letGo(now, calls));
      }
      case UNREADY -> noteExpired(scheduler.letGo(now, calls)); // those that a shed has chosen
      case MOVING -> {
        scheduler.drain(now, calls);
        noteExpired(scheduler.letGo(now, calls));
      }
      case SETTLING -> {
        scheduler.allDue(now, calls); // also those admitted since the last step
        noteExpired(scheduler.letGo(now, calls) + work.expire(now));
      }
      case FORCING, DRAINED -> scheduler.force(now, calls); // some slip in after the receipt
    }
  }

  /** The one place that decides, when time has passed, whether the phase changes. */
  private void look(DrainPhase phase, long now) {
    switch (phase) {
      case STARTING, SERVING -> {}
      case UNREADY -> {
        if (state.overdue(now)) {
          lifecycle.enter(DrainPhase.MOVING, now);
        }
      }
      case MOVING -> {
        if (state.overdue(now) || (roster.size() == 0 && work.quiet(now))) {
          work.seal();
          scheduler.lookNow(now);
          lifecycle.enter(DrainPhase.SETTLING, now);
        }
      }
      case SETTLING -> {
        if (nothingLeft() || state.overdue(now)) {
          lifecycle.enter(DrainPhase.FORCING, now);
        }
      }
      case FORCING -> {
        if (nothingLeft() || (state.overdue(now) && forced(now))) {
          lifecycle.finish(now);
        }
      }
      case DRAINED -> {
        lifecycle.linger(now);
        hooks.reset(now);
      }
    }
  }

  /** Whether all have been asked to go. It takes a moment, also where there is no time left. */
  private boolean forced(long now) {
    long most = ASKING + roster.size() / SlotScheduler.BULK * PART;
    return now - state.since() >= most || (scheduler.allForced() && scheduler.allAsked());
  }

  private boolean nothingLeft() {
    return roster.size() == 0 && roster.outlived.isEmpty() && work.inFlight() == 0;
  }

  private void noteExpired(int leases) {
    if (leases > 0) {
      if (state.phase().draining()) {
        state.record().expired(leases);
      }
      announcements.warn(LogCode.WORK_EXPIRED.line().put("leases", leases), null);
    }
  }
}
