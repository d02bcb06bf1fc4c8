package io.gracefuldrain.client;

import java.util.OptionalLong;

/** How often a move tries to connect, and how long it pauses between two attempts. */
final class Attempts {
  private Attempts() {}

  /**
   * The milliseconds to pause before the next attempt; empty if no attempt should follow.
   *
   * @param made how many attempts have failed
   * @param millisLeft the rest of the server's grace
   * @param random from 0 (inclusive) to 1 (exclusive)
   */
  static OptionalLong pause(int made, long millisLeft, double random) {
    long spread = Bounds.PAUSE_MOST_MS - Bounds.PAUSE_LEAST_MS + 1;
    long pause = Bounds.PAUSE_LEAST_MS + (long) (random * spread);
    return made < Bounds.ATTEMPTS_MOST && pause < millisLeft
        ? OptionalLong.of(pause)
        : OptionalLong.empty();
  }
}
