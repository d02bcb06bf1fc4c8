package io.gracefuldrain.client;

import java.util.concurrent.TimeUnit;

/** The time that a hint gives to a move. The clock measures it, since timers may be late. */
final class Grace {
  private final long graceMs;
  private final long deadline;
  private final Timers timers;

  /**
   * The grace of one hint.
   *
   * @param deadline its end, as {@link Timers#nanoTime()}
   */
  Grace(long graceMs, long deadline, Timers timers) {
    this.graceMs = graceMs;
    this.deadline = deadline;
    this.timers = timers;
  }

  long graceMs() {
    return graceMs;
  }

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
