package io.gracefuldrain.lab.local;

import java.util.Random;

/**
 * When each change of the EndpointSlice is obeyed: after a delay of its own, and never before an
 * earlier one, since a node takes the slice as a whole. Not thread-safe.
 */
final class Propagation {
  private final DelayRange delays;
  private final Random random;
  private long lastMs = Long.MIN_VALUE;

  Propagation(DelayRange delays, Random random) {
    this.delays = delays;
    this.random = random;
  }

  /** When a change of now is obeyed, in the milliseconds that {@code nowMs} is in. */
  long dueMs(long nowMs) {
    lastMs = Math.max(lastMs, nowMs + delays.drawMillis(random));
    return lastMs;
  }
}
