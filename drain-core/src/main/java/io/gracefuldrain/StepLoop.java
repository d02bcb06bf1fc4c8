package io.gracefuldrain;

import io.gracefuldrain.ConnectionCaller.Call;
import java.util.ArrayList;
import java.util.List;

/**
 * Steps on the coordinator's thread for as long as there is something to do. Each step decides
 * under the lock, calls connections without it, and checks whether another one is needed.
 */
final class StepLoop {
  /** The time between two steps. */
  static final long TICK = 20_000_000L;

  /** The same when the last step has left something for this one: others get the lock between. */
  static final long HURRY = 1_000_000L;

  /** What a loop does; all of it with the lock. */
  interface Task {
    /** Takes one step, and hands out the calls that it wants made. */
    void advance(long now, List<Call> calls);

    /** Whether there is more to do, now that the calls of the last step are on their way. */
    boolean goesOn();

    /** Whether the last step has not done all that is to be done now. */
    default boolean hurries(long now) {
      return false;
    }

    /** The loop rests; the task may wake it again. */
    default void rested() {}
  }

  private static final Task NOTHING =
      new Task() {
        @Override
        public void advance(long now, List<Call> calls) {}

        @Override
        public boolean goesOn() {
          return false;
        }
      };

  private final Clockwork clock;
  private final Monitor monitor;
  private final PhaseState state;
  private final ConnectionCaller caller;
  private final StepFailures failures;
  private volatile Task task = NOTHING;

  // Guarded by the monitor: whether a step is scheduled or running.
  private boolean awake;
  // How long the loop rests between the last step and the next.
  private long pause = TICK;

  StepLoop(
      Clockwork clock,
      Journal journal,
      Monitor monitor,
      PhaseState state,
      ConnectionCaller caller) {
    this.clock = clock;
    this.monitor = monitor;
    this.state = state;
    this.caller = caller;
    this.failures = new StepFailures(journal);
  }

  /** Sets the task of the steps; called before the first one. */
  void drive(Task steps) {
    task = steps;
  }

  /** Whether the loop takes steps. */
  boolean awake() {
    assert monitor.held();
    return awake;
  }

  /** There is something to do; called with the lock. */
  void wake() {
    wakeAfter(0);
  }

  /** There is something to do in a while; called with the lock. */
  void wakeAfter(long delay) {
    if (!awake && !state.closed()) {
      // At once, and not with what is told after the lock: a step must not depend on that.
      clock.runAfter(delay, this::steps);
      awake = true;
    }
  }

  /** Takes a step. When the next one cannot be scheduled, it is taken now. */
  private void steps() {
    boolean more;
    do {
      more = step();
    } while (more && !scheduled());
  }

  /** Says whether another step is needed: always after one that failed. */
  private boolean step() {
    try {
      decide();
      boolean callsOut = caller.check(); // until the last call has ended: one may get stuck
      boolean more = monitor.get(() -> goesOn(callsOut));
      if (!more) {
        failures.clear();
      }
      return more;
    } catch (Throwable e) {
      failures.add(e);
      return !state.closed();
    }
  }

  private void decide() {
    List<Call> calls = new ArrayList<>();
    try {
      monitor.run(() -> task.advance(clock.nanos(), calls));
    } finally {
      caller.call(calls); // also those of a step that failed later: they have been decided
    }
  }

  private boolean scheduled() {
    try {
      clock.runAfter(pause, this::steps);
      return true;
    } catch (Throwable e) {
      failures.add(e);
      return false;
    }
  }

  private boolean goesOn(boolean waits) {
    boolean more = (waits || task.goesOn()) && !state.closed();
    awake = more;
    pause = task.hurries(clock.nanos()) ? HURRY : TICK;
    if (!more) {
      task.rested(); // it may wake the loop for later: that step is scheduled already
    }
    return more;
  }
}
