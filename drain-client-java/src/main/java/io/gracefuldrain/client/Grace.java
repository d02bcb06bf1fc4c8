package io.gracefuldrain.client;

import java.util.concurrent.TimeUnit;

/** The time that a hint gives to a move. The clock measures it, since timers may be late. */
record Grace(long graceMs, long deadline, Timers timers) {
  /** Less than 0 once it has passed. */
  long millisLeft() {
    return TimeUnit.NANOSECONDS.toMillis(deadline - timers.nanoTime());
  }

  /**
   * Runs a task so many milliseconds after its end. If it has ended already, they count from now.
   */
  Timers.Cancellable after(long millisBeyond, Runnable task) {
    return timers.after(Math.max(0, millisLeft()) + millisBeyond, task);
  }

  /** The reason why a move fails once the grace has passed. */
  String exceeded() {
    return "not within graceMs: " + graceMs;
  }
}
