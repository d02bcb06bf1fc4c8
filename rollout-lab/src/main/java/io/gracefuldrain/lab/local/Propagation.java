package io.gracefuldrain.lab.local;

import java.util.Random;

/**
 * Computes when each change of the EndpointSlice takes effect: after its own delay, and never
 * before an earlier change, since a node takes the slice as a whole. Not thread-safe.
 */
final class Propagation {
  private final DelayRange delays;
  private final Random random;
  private long lastMs = Long.MIN_VALUE;

  Propagation(DelayRange delays, Random random) {
    this.delays = delays;
    this.random = random;
  }

  /** Returns when a change made now takes effect, on the same clock as {@code nowMs}. */
  long dueMs(long nowMs) {
    lastMs = Math.max(lastMs, nowMs + delays.drawMillis(random));
    return lastMs;
  }
}
