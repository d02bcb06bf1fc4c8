package io.gracefuldrain;

import io.gracefuldrain.Caller.Call;
import java.util.ArrayList;
import java.util.List;

/** The steps of a drain or a shed, one after the other on the coordinator's thread. */
final class Steps {
  private final Clockwork clock;
  private final StepFailures failures;
  private final Monitor monitor;
  private final News news;
  private final Course course;
  private final Roster roster;
  private final StripedGate work;
  private final Ticker ticker;
  private final Caller caller;
  private final Mover mover;
  private final Shed shed;
  private final Life life;
  private final PreStopHooks hooks;

  Steps(Shared shared, Caller caller, Mover mover, Shed shed, Life life, PreStopHooks hooks) {
    this.clock = shared.clock();
    this.failures = new StepFailures(shared.journal());
    this.monitor = shared.monitor();
    this.news = shared.news();
    this.course = shared.course();
    this.roster = shared.roster();
    this.work = shared.work();
    this.ticker = shared.ticker();
    this.caller = caller;
    this.mover = mover;
    this.shed = shed;
    this.life = life;
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
    DrainPhase phase = course.phase();
    return (phase.draining() && !course.book().completed)
        || hooks.mayReset()
        || shed.goesOn()
        || roster.size() > roster.waiting.size()
        || (phase.lettingGo() && roster.size() > 0);
  }

  /** The one place that decides, when time has passed, whether the phase changes. */
  private void advance(long now, List<Call> calls) {
    DrainPhase before;
    do {
      before = course.phase();
      switch (before) {
        case STARTING -> {}
        case SERVING -> {
          shed.move(now, calls);
          noteExpired(letGo(now, calls));
        }
        case UNREADY -> {
          noteExpired(letGo(now, calls)); // whom a shed has chosen
          if (course.overdue(now)) {
            life.enter(DrainPhase.MOVING, now);
          }
        }
        case MOVING -> {
          move(now, calls);
          if (roster.size() == 0 || course.overdue(now)) {
            work.seal();
            mover.allDue(now);
            life.enter(DrainPhase.SETTLING, now);
          }
        }
        case SETTLING -> {
          settle(now, calls);
          if (nothingLeft() || course.overdue(now)) {
            life.enter(DrainPhase.FORCING, now);
          }
        }
        case FORCING -> {
          mover.force(now, calls);
          if (nothingLeft() || course.overdue(now)) {
            life.finish(now);
          }
        }
        case DRAINED -> {
          mover.force(now, calls); // who slipped in after the receipt
          complete(now);
          hooks.reset(now);
        }
      }
    } while (course.phase() != before && course.phase().draining());
  }

  private boolean nothingLeft() {
    return roster.size() == 0 && work.inFlight() == 0;
  }

  private void move(long now, List<Call> calls) {
    int most = roster.unslotted();
    mover.move(now, course.lastSlot(), most, course.spans().hintGrace(), Mover.DRAIN, calls);
    noteExpired(letGo(now, calls));
  }

  private void settle(long now, List<Call> calls) {
    mover.allDue(now); // also who was admitted since
    noteExpired(letGo(now, calls) + work.expire(now));
  }

  /** Lets go of whoever has had the slot, and is idle; returns how many leases expired. */
  private int letGo(long now, List<Call> calls) {
    mover.endHints(now, course.spans().hintGrace(), course.lastAnswer(now));
    return mover.letGoOfIdle(now, calls);
  }

  private void noteExpired(int leases) {
    if (leases > 0) {
      course.book().workExpired += course.phase().draining() ? leases : 0;
      news.warn(LogCode.WORK_EXPIRED.line().put("leases", leases), null);
    }
  }

  /** The linger is over. */
  private void complete(long now) {
    DrainBook book = course.book();
    DrainReport receipt = book.receipt;
    if (course.overdue(now) && receipt != null) {
      news.complete(book, receipt);
    }
  }
}
