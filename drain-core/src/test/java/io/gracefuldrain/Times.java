package io.gracefuldrain;

import java.time.Duration;

/** Durations, short to write. */
final class Times {
  static final Duration TICK = Duration.ofNanos(StepLoop.TICK);

  private Times() {}

  static Duration s(long seconds) {
    return Duration.ofSeconds(seconds);
  }

  static Duration ms(long millis) {
    return Duration.ofMillis(millis);
  }
}
