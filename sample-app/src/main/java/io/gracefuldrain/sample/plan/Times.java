package io.gracefuldrain.sample.plan;

import java.util.concurrent.TimeUnit;

/** How durations are spread, to the millisecond. What is beyond two minutes counts as that. */
final class Times {
  private static final int MOST = 120_000;

  private final int[] perMs = new int[MOST + 1];
  private long count;

  void add(long nanos) {
    int ms = (int) Math.min(MOST, TimeUnit.NANOSECONDS.toMillis(nanos));
    perMs[ms]++;
    count++;
  }

  /** The time that so much of all did not exceed, in milliseconds; 0 if there is none. */
  int quantile(double share) {
    long rank = Math.max(1, (long) Math.ceil(share * count));
    long seen = 0;
    for (int ms = 0; ms <= MOST; ms++) {
      seen += perMs[ms];
      if (seen >= rank) {
        return ms;
      }
    }
    return 0;
  }

  Spread spread() {
    return new Spread(count, quantile(0.5), quantile(0.9), quantile(0.99), quantile(1));
  }

  /** The spread, in milliseconds. */
  record Spread(long count, int p50, int p90, int p99, int max) {}
}
