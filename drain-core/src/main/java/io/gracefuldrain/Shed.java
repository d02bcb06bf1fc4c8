package io.gracefuldrain;

import io.gracefuldrain.ConnectionCaller.Call;
import java.util.List;

/**
 * Some idle connections that are to go while the pod serves, in slots over the move window. Called
 * with the coordinator's lock, which guards it.
 */
final class Shed {
  private final PhaseState state;
  private final Roster roster;
  private final Announcements announcements;
  private final Ticker ticker;
  private final SlotScheduler scheduler;

  private int left;
  private long ends;

  Shed(CoordinatorParts parts, SlotScheduler scheduler) {
    this.state = parts.state();
    this.roster = parts.roster();
    this.announcements = parts.announcements();
    this.ticker = parts.ticker();
    this.scheduler = scheduler;
  }

  /**
   * Begins one, or adds to the one that goes on; returns how many are to go.
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
    ends = now + state.budget().moveWindow() - state.budget().hintGrace();
    scheduler.reset();
    announcements.info(LogCode.SHED.line().put("count", left).put("of", roster.size()));
    ticker.wake();
    return left;
  }

  boolean goesOn() {
    return left > 0;
  }

  /** Nobody more is chosen. */
  void stop() {
    left = 0;
  }

  /** Gives those their slot whose turn it is. */
  void move(long now, List<Call> calls) {
    if (left == 0) {
      return;
    }
    int most = Math.min(left, roster.waiting.size());
    left -= scheduler.move(now, ends, most, state.budget().hintGrace(), SlotScheduler.SHED, calls);
    if (now - ends >= 0) {
      left = 0;
    }
  }
}
