package io.gracefuldrain.benchmarks;

/** How long many things took, in steps of ten microseconds up to a second. Not thread-safe. */
final class Latencies {
  private static final int STEP_NANOS = 10_000;
  private static final int STEPS = 100_000;

  private final int[] counts = new int[STEPS];
  private long total;

  void add(long nanos) {
    counts[(int) Math.min(STEPS - 1, nanos / STEP_NANOS)]++;
    total++;
  }

  /** The 99th percentile, in microseconds; 0 of nothing. */
  double p99Micros() {
    long beyond = total / 100;
    for (int step = STEPS - 1; step >= 0; step--) {
      beyond -= counts[step];
      if (beyond < 0) {
        return (step + 1) * (STEP_NANOS / 1e3);
      }
    }
    return 0;
  }
}
