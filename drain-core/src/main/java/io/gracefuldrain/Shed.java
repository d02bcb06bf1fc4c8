package io.gracefuldrain;

import io.gracefuldrain.ConnectionCaller.Call;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Lets some idle connections go while the pod serves, in slots over the move window. Called with
 * the coordinator's lock, which guards it.
 */
final class Shed {
  /** How long after the window clients may still be on their way: a stock back-off, and a retry. */
  static final long LOOK_BACK = TimeUnit.SECONDS.toNanos(8);

  private final Counters counters;
  private final PhaseState state;
  private final Roster roster;
  private final Announcements announcements;
  private final StepLoop steps;
  private final SlotScheduler scheduler;

  private int left;
  private long ends;
  // A shed that is over is looked back at once clients have had time to come back.
  private boolean looksBack;
  private long looksBackAt;
  private int before;
  private long askedBefore;
  private long cameBackBefore;

  Shed(CoordinatorParts parts, SlotScheduler scheduler) {
    this.counters = parts.counters();
    this.state = parts.state();
    this.roster = parts.roster();
    this.announcements = parts.announcements();
    this.steps = parts.steps();
    this.scheduler = scheduler;
  }

  /**
   * Begins one, or adds to the current one; returns how many connections are to go.
   *
   * @throws IllegalStateException if the pod is not serving
   */
  int begin(int count, long now) {
    state.requireOpen();
    if (state.phase() != DrainPhase.SERVING) {
      throw new IllegalStateException(
          "shed: the phase is " + state.phase() + " (expected: SERVING)");
    }
    left = (int) Math.min(roster.waiting.size(), (long) left + count);
    ends = now + state.budget().moveWindow();
    if (left > 0 && !looksBack) {
      looksBack = true;
      before = roster.size();
      askedBefore = counters.shedAsked.sum();
      cameBackBefore = counters.shedCameBack.sum();
    }
    looksBackAt = ends + LOOK_BACK;
    scheduler.reset();
    announcements.info(LogCode.SHED.line().put("count", left).put("of", roster.size()));
    steps.wake();
    return left;
  }

  boolean goesOn() {
    return left > 0 || looksBack;
  }

  /** How long it is until the next one has its slot. */
  long untilSlot(long now) {
    if (left == 0) {
      return StepLoop.LONGEST;
    }
    int most = Math.min(left, roster.waiting.size());
    return most == 0 ? StepLoop.TICK : scheduler.untilSlot(most, ends, now);
  }

  /** How long it is until the shed is looked back at, if it is. */
  long untilLookBack(long now) {
    return looksBack ? looksBackAt - now : StepLoop.LONGEST;
  }

  /** No more connections are chosen. */
  void stop() {
    left = 0;
    looksBack = false;
    scheduler.reset();
  }

  /** Gives those their slot whose turn it is. */
  void move(long now, List<Call> calls) {
    if (looksBack && now - looksBackAt >= 0) {
      lookBack();
    }
    if (left == 0) {
      return;
    }
    int given = scheduler.shed(Math.min(left, roster.waiting.size()), ends, now, calls);
    counters.shedAsked.add(given);
    left -= given;
    if (scheduler.pastLastSlot(ends, now)) {
      left = 0;
    }
  }

  /** Says what has become of it. Where a cookie holds clients to their pod, it was for nothing. */
  private void lookBack() {
    looksBack = false;
    long asked = counters.shedAsked.sum() - askedBefore;
    long cameBack = counters.shedCameBack.sum() - cameBackBefore;
    Json line =
        LogCode.SHED_DONE
            .line()
            .put("asked", asked)
            .put("cameBack", cameBack)
            .put("connectionsBefore", before)
            .put("connections", roster.size());
    if (cameBack > 0 || (asked > 0 && roster.size() >= before)) {
      announcements.warn(line, null);
    } else {
      announcements.info(line);
    }
  }
}
