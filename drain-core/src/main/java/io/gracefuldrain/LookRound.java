package io.gracefuldrain;

import io.gracefuldrain.RosterEntry.Line;
import java.util.function.Consumer;

/**
 * Goes through a line a part at a time, so that no step has to look at all of it. Guarded by the
 * coordinator's lock.
 */
final class LookRound {
  private final Line line;
  private int left;

  LookRound(Line line) {
    this.line = line;
  }

  /** All that stand in the line now are to be looked at. */
  void begin() {
    left = line.size();
  }

  /** Whether all have been looked at. */
  boolean over() {
    return left == 0 || line.isEmpty();
  }

  /**
   * Visits the next ones, at most so many. The action may put the visited one elsewhere. When some
   * have gone since the round began, others may be visited twice.
   */
  void visit(int most, Consumer<TrackedConnection> action) {
    for (int visits = Math.min(most, left); visits > 0; visits--) {
      TrackedConnection tracked = line.first();
      if (tracked == null) {
        break; // the others have gone meanwhile
      }
      left--;
      tracked.joins(line); // at its end, behind those not yet looked at
      action.accept(tracked);
    }
  }
}
