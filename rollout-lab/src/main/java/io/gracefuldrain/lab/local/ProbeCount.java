package io.gracefuldrain.lab.local;

/**
 * Sums up the answers of a readiness probe: good after one success, bad after {@code
 * failureThreshold} failures in a row. Not thread-safe.
 */
final class ProbeCount {
  private final int failureThreshold;
  private int failures;
  private boolean good;

  ProbeCount(int failureThreshold) {
    this.failureThreshold = failureThreshold;
  }

  /** Takes an answer; returns whether the sum has changed. */
  boolean answered(boolean success) {
    boolean before = good;
    failures = success ? 0 : failures + 1;
    if (success) {
      good = true;
    } else if (failures >= failureThreshold) {
      good = false;
    }
    return before != good;
  }

  boolean good() {
    return good;
  }
}
