package io.gracefuldrain.client;

import java.util.OptionalLong;

/** How often a move tries to connect, and how long it pauses in between. */
final class Attempts {
  static final int MOST = 3;
  private static final long LEAST_PAUSE_MILLIS = 100;
  private static final long PAUSE_SPREAD_MILLIS = 200;

  private Attempts() {}

  /**
   * The milliseconds to pause before the next attempt; none: it is not worth trying.
   *
   * @param made how many attempts have failed
   * @param millisLeft of the server's grace
   * @param random from 0 to below 1
   */
  static OptionalLong pause(int made, long millisLeft, double random) {
    long pause = LEAST_PAUSE_MILLIS + (long) (random * (PAUSE_SPREAD_MILLIS + 1));
    return made < MOST && pause < millisLeft ? OptionalLong.of(pause) : OptionalLong.empty();
  }
}
