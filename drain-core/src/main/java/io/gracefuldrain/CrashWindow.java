package io.gracefuldrain;

import java.time.Duration;

/**
 * The window over which a pod's clients come back if the pod crashes: as long as letting them all
 * in takes at the given rate, within bounds. Pure functions.
 */
final class CrashWindow {
  static final Duration LEAST = Duration.ofSeconds(1);
  static final Duration MOST = Duration.ofSeconds(60);

  private CrashWindow() {}

  /**
   * How long.
   *
   * @param connections how many there are, {@code >= 0}
   * @param perSecond how many may come back a second; 0 for no window
   * @return in whole milliseconds; zero if there is none
   */
  static Duration of(int connections, int perSecond) {
    if (perSecond == 0) {
      return Duration.ZERO;
    }
    long millis = connections * 1000L / perSecond;
    return Duration.ofMillis(Math.max(LEAST.toMillis(), Math.min(MOST.toMillis(), millis)));
  }

  /** Whether a number of connections is twice another, or half of it, or beyond. */
  static boolean changedMuch(int told, int now) {
    return now >= 2L * told || 2L * now <= told;
  }
}
