package io.gracefuldrain;

import io.gracefuldrain.ConnectionCaller.Call;
import java.util.List;

/**
 * Lets some idle connections go while the pod serves, in slots over the move window. Called with
 * the coordinator's lock, which guards it.
 */
final class Shed {
  private final PhaseState state;
  private final Roster roster;
  private final Announcements announcements;
  private final StepLoop steps;
  private final SlotScheduler scheduler;

  private int left;
  private long ends;

  Shed(CoordinatorParts parts, SlotScheduler scheduler) {
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
    scheduler.reset();
    announcements.info(LogCode.SHED.line().put("count", left).put("of", roster.size()));
    steps.wake();
    return left;
  }

  boolean goesOn() {
    return left > 0;
  }

  /** No more connections are chosen. */
  void stop() {
    left = 0;
    scheduler.reset();
  }

  /** Gives those their slot whose turn it is. */
  void move(long now, List<Call> calls) {
    if (left == 0) {
      return;
    }
    left -= scheduler.shed(Math.min(left, roster.waiting.size()), ends, now, calls);
    if (scheduler.pastLastSlot(ends, now)) {
      left = 0;
    }
  }
}
