package io.gracefuldrain;

import io.gracefuldrain.ConnectionCaller.Call;
import java.util.List;

/**
 * Ends leases that have outlived their connection and their limit while the pod serves; those that
 * nobody closes would pile up. It looks once a second for as long as there is such work, whenever
 * its clients left. A drain does the same by its own steps.
 *
 * <p>Guarded by the coordinator's lock.
 */
final class OutlivedWork implements StepLoop.Task {
  /** The time between two looks. */
  static final long BETWEEN = 1_000_000_000L;

  private final Announcements announcements;
  private final PhaseState state;
  private final Roster roster;
  private final StepLoop steps;

  OutlivedWork(CoordinatorParts parts) {
    this.announcements = parts.announcements();
    this.state = parts.state();
    this.roster = parts.roster();
    this.steps = parts.newLoop();
    steps.drive(this);
  }

  /** Some work may have outlived its connection, or the pod serves again. */
  void begin() {
    if (!state.phase().draining() && !roster.outlived.isEmpty()) {
      steps.wakeAfter(BETWEEN);
    }
  }

  @Override
  public void advance(long now, List<Call> calls) {
    if (state.phase().draining()) {
      return;
    }
    int[] expired = new int[1];
    roster.outlived.forEach(
        tracked -> {
          expired[0] += tracked.leases.expire(now);
          if (tracked.idle()) {
            tracked.workEnded();
          }
        });
    if (expired[0] > 0) {
      announcements.warn(LogCode.WORK_EXPIRED.line().put("leases", expired[0]), null);
    }
  }

  @Override
  public boolean goesOn() {
    return false;
  }

  @Override
  public void rested() {
    begin();
  }
}
