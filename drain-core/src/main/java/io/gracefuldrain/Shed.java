package io.gracefuldrain;

import io.gracefuldrain.Caller.Call;
import java.util.List;

/**
 * Some idle connections that are to go while the pod serves, in slots over the move window. Called
 * with the coordinator's lock, which guards it.
 */
final class Shed {
  private final Course course;
  private final Roster roster;
  private final News news;
  private final Ticker ticker;
  private final Mover mover;

  private int left;
  private long ends;

  Shed(Shared shared, Mover mover) {
    this.course = shared.course();
    this.roster = shared.roster();
    this.news = shared.news();
    this.ticker = shared.ticker();
    this.mover = mover;
  }

  /**
   * Begins one, or adds to the one that goes on; returns how many are to go.
   *
   * @throws IllegalStateException if the pod is not serving
   */
  int begin(int count, long now) {
    course.requireOpen();
    if (course.phase() != DrainPhase.SERVING) {
      throw new IllegalStateException(
          "shed: the phase is " + course.phase() + " (expected: SERVING)");
    }
    left = (int) Math.min(roster.waiting.size(), (long) left + count);
    ends = now + course.spans().moveWindow() - course.spans().hintGrace();
    mover.reset();
    news.info(LogCode.SHED.line().put("count", left).put("of", roster.size()));
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
    left -= mover.move(now, ends, most, course.spans().hintGrace(), Mover.SHED, calls);
    if (now - ends >= 0) {
      left = 0;
    }
  }
}
