package io.gracefuldrain.lab.lean;

import java.util.function.DoubleSupplier;

/**
 * The back-off of the stock JavaScript client: about 1, 2, 4, then 5 seconds, each longer or
 * shorter by up to half. Not thread-safe.
 */
public final class BackOff {
  private static final double FIRST_MS = 1_000;
  private static final double MOST_MS = 5_000;
  private static final double JITTER = 0.5;

  private final DoubleSupplier random;
  private int attempts;

  /**
   * @param random numbers from 0 to less than 1
   */
  public BackOff(DoubleSupplier random) {
    this.random = random;
  }

  /** Returns how long to wait before the next attempt, in milliseconds. */
  public int nextMs() {
    double ms = FIRST_MS * Math.pow(2, attempts++);
    // The stock client takes the size and the sign from one random number, so its waits are not
    // evenly spread, and neither are these.
    double drawn = random.getAsDouble();
    double deviation = Math.floor(drawn * JITTER * ms);
    boolean shorter = ((int) Math.floor(drawn * 10) & 1) == 0;
    return (int) Math.min(shorter ? ms - deviation : ms + deviation, MOST_MS);
  }

  /** There was a connection: the next wait is a first one again. */
  public void reset() {
    attempts = 0;
  }
}
