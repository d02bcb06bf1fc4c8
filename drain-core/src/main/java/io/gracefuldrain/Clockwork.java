package io.gracefuldrain;

import java.time.Instant;

/** The coordinator's one source of time, and the one thread that runs its steps. */
interface Clockwork {
  /** Time in nanoseconds from an arbitrary origin; compare by subtraction. */
  long nanos();

  /** The time of day, for people. */
  Instant wallTime();

  /** Runs a step on the coordinator's thread, no earlier than after the delay. */
  void runAfter(long delayNanos, Runnable step);

  /** The platform's grace period, as one more coordinator of this process sees it. */
  GraceClock newGraceClock();

  /** Runs nothing more. */
  void close();
}
