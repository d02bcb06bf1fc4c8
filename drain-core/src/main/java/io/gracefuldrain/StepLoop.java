package io.gracefuldrain;

import io.gracefuldrain.ConnectionCaller.Call;
import java.util.ArrayList;
import java.util.List;

/**
 * Steps on the coordinator's thread for as long as there is something to do. Each step decides
 * under the lock, calls connections without it, and asks when the next one is due. Until then the
 * loop sleeps, and whoever changes what is due wakes it.
 *
 * <p>No wake-up is lost: that a step is planned, begins, or was woken meanwhile changes under the
 * lock only, in one hold with what the step decides by.
 */
final class StepLoop {
  /**
   * The time between two steps where nothing says when the next is due; and the most that a wake-up
   * waits for its step while the loop is awake.
   */
  static final long TICK = 20_000_000L;

  /** The same when the last step has left something for this one: others get the lock between. */
  static final long HURRY = 1_000_000L;

  /**
   * The longest sleep while there is something to do. No step depends on it: it is a net below
   * whatever should have woken the loop, such as foreign code that fails before it says so.
   */
  static final long LONGEST = 1_000_000_000L;

  /** What a loop does; all of it with the lock. */
  interface Task {
    /** Takes one step, and hands out the calls that it wants made. */
    void advance(long now, List<Call> calls);

    /** Whether there is more to do, now that the calls of the last step are on their way. */
    boolean goesOn();

    /** How long after the last step, which was at this time, the next one is due. */
    default long rest(long now) {
      return TICK;
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

  // All that follows is guarded by the monitor.

  // Whether a step is scheduled or running.
  private boolean awake;
  private boolean running;
  // Whether somebody woke the loop while a step was running.
  private boolean woken;
  // When the last step began, and when the next one is scheduled.
  private long begun;
  private long next;
  // The number of the scheduled step: one that was scheduled before it does nothing.
  private long turn;

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

  /**
   * There is something to do: a step comes at once, but no sooner than a tick after the last one
   * while the loop is awake. Called with the lock.
   */
  void wake() {
    if (!awake) {
      wakeAfter(0);
    } else if (running) {
      woken = true;
    } else {
      long now = clock.nanos();
      long soonest = Math.max(0, begun + TICK - now);
      if (next - now > soonest) {
        schedule(now, soonest);
      }
    }
  }

  /** There is something to do in a while, if the loop is not awake anyway; called with the lock. */
  void wakeAfter(long delay) {
    if (!awake && !state.closed()) {
      // At once, and not with what is told after the lock: a step must not depend on that.
      schedule(clock.nanos(), delay);
    }
  }

  private void schedule(long now, long delay) {
    assert monitor.held();
    long number = turn + 1;
    clock.runAfter(delay, () -> steps(number)); // first: if it fails, all is as before
    turn = number;
    next = now + delay;
    awake = true;
    running = false;
  }

  /** Takes a step. When the next one cannot be scheduled, it is taken now. */
  private void steps(long number) {
    if (begins(number)) {
      boolean planned;
      do {
        planned = step();
      } while (!planned);
    }
  }

  private boolean begins(long number) {
    monitor.lock();
    try {
      boolean scheduled = number == turn;
      running |= scheduled;
      return scheduled;
    } finally {
      monitor.unlock();
    }
  }

  /** Takes a step, and plans what follows; says whether it could. One that failed is followed. */
  private boolean step() {
    try {
      decide();
      boolean callsOut = caller.check(); // until the last call has ended: one may get stuck
      if (!monitor.get(() -> plan(callsOut))) {
        failures.clear();
      }
      return true;
    } catch (Throwable e) {
      failures.add(e);
      return planAfterFailure();
    }
  }

  private void decide() {
    List<Call> calls = new ArrayList<>();
    try {
      monitor.run(
          () -> {
            woken = false;
            begun = clock.nanos();
            task.advance(begun, calls);
          });
    } finally {
      if (!calls.isEmpty()) {
        caller.call(calls); // also those of a step that failed later: they have been decided
      }
    }
  }

  /** Schedules the next step, if one is needed; says whether it is. */
  private boolean plan(boolean callsOut) {
    if (state.closed() || !(callsOut || task.goesOn())) {
      awake = false;
      running = false;
      task.rested(); // it may wake the loop for later
      return false;
    }
    long rest = Math.min(LONGEST, task.rest(begun));
    if (callsOut || woken) {
      rest = Math.min(TICK, rest);
    }
    long now = clock.nanos();
    // A step that took long does not put the next one off, but others get the lock between.
    schedule(now, Math.max(rest - (now - begun), Math.min(rest, HURRY)));
    return true;
  }

  private boolean planAfterFailure() {
    if (state.closed()) {
      return true;
    }
    try {
      monitor.lock();
      try {
        schedule(clock.nanos(), TICK);
      } finally {
        monitor.unlock();
      }
      return true;
    } catch (Throwable e) {
      failures.add(e);
      return false;
    }
  }
}
