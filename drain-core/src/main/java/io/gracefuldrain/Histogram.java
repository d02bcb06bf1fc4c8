package io.gracefuldrain;

import java.time.Duration;

/**
 * Durations in buckets a tenth wide, from a millisecond to days. Guarded by the coordinator's lock.
 */
final class Histogram {
  private static final double STEP = Math.log(1.1);

  private final int[] buckets = new int[240];
  private long count;
  private long maxNanos;

  void record(long nanos) {
    double millis = Math.max(1, nanos / 1e6);
    buckets[(int) Math.min(buckets.length - 1, Math.log(millis) / STEP)]++;
    count++;
    maxNanos = Math.max(maxNanos, nanos);
  }

  DrainReport.Spread spread() {
    return new DrainReport.Spread(
        count, percentile(0.5), percentile(0.99), Duration.ofNanos(maxNanos));
  }

  private Duration percentile(double share) {
    long rank = (long) Math.ceil(count * share);
    long seen = 0;
    for (int i = 0; i < buckets.length && rank > 0; i++) {
      seen += buckets[i];
      if (seen >= rank) {
        long upper = (long) (Math.exp((i + 1) * STEP) * 1e6);
        return Duration.ofNanos(Math.min(upper, maxNanos));
      }
    }
    return Duration.ZERO;
  }
}
