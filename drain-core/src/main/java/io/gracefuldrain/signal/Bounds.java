package io.gracefuldrain.signal;

import java.time.Duration;

/**
 * How long one coordinator may take its part in the end of the process: points in time, in
 * nanoseconds, that only ever come nearer.
 *
 * @param waitUntil when nobody waits for its drain any longer
 * @param haltAt when the process is halted, even if something hangs
 */
record Bounds(long waitUntil, long haltAt) {
  /** How late a drain may be, and how much earlier than the platform the watchdog is. */
  static final Duration SLACK = Duration.ofMillis(500);

  /** The time left for stopping once a drain is forced. */
  static final Duration FORCED = Duration.ofSeconds(1);

  /** The bounds of a drain that should be done in some time from now, and of stopping after it. */
  static Bounds of(long now, Duration drain, Duration stop) {
    long drained = now + drain.toNanos();
    long slack = Math.min(SLACK.toNanos(), stop.toNanos() / 4);
    return new Bounds(drained + slack, drained + stop.toNanos() - slack);
  }

  /** The nearer one of each. */
  Bounds tighten(Bounds other) {
    return new Bounds(nearer(waitUntil, other.waitUntil), nearer(haltAt, other.haltAt));
  }

  private static long nearer(long a, long b) {
    return a - b < 0 ? a : b;
  }
}
