package io.gracefuldrain;

import io.gracefuldrain.ConnectionCaller.Call;
import java.util.List;

/** The steps of a drain or a shed, one after the other on the coordinator's thread. */
final class DrainLoop implements StepLoop.Task {
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
        || hooks.mayReset()
        || shed.goesOn()
        || roster.size() > roster.waiting.size()
        || (phase.lettingGo() && roster.size() > 0);
  }

  /** The one place that decides, when time has passed, whether the phase changes. */
  @Override
  public void advance(long now, List<Call> calls) {
    DrainPhase before;
    do {
      before = state.phase();
      switch (before) {
        case STARTING -> {}
        case SERVING -> {
          shed.move(now, calls);
          noteExpired(scheduler.letGo(now, calls));
        }
        case UNREADY -> {
          noteExpired(scheduler.letGo(now, calls)); // those that a shed has chosen
          if (state.overdue(now)) {
            lifecycle.enter(DrainPhase.MOVING, now);
          }
        }
        case MOVING -> {
          scheduler.drain(now, calls);
          noteExpired(scheduler.letGo(now, calls));
          if (state.overdue(now) || (roster.size() == 0 && work.quiet(now))) {
            work.seal();
            scheduler.allDue(now);
            lifecycle.enter(DrainPhase.SETTLING, now);
          }
        }
        case SETTLING -> {
          scheduler.allDue(now); // also those admitted since
          noteExpired(scheduler.letGo(now, calls) + work.expire(now));
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
          scheduler.force(now, calls); // those that slipped in after the receipt
          lifecycle.linger(now);
          hooks.reset(now);
        }
      }
    } while (state.phase() != before && state.phase().draining());
  }

  private boolean nothingLeft() {
    return roster.size() == 0 && work.inFlight() == 0;
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
