package io.gracefuldrain.lab.ledger;

import io.gracefuldrain.lab.results.Spread;
import java.util.Collection;
import java.util.stream.LongStream;
import org.HdrHistogram.AbstractHistogram;
import org.HdrHistogram.Histogram;

/** Makes spreads of measured values. */
final class Spreads {
  private Spreads() {}

  static Spread of(AbstractHistogram histogram) {
    return new Spread(
        histogram.getTotalCount(),
        histogram.getValueAtPercentile(50),
        histogram.getValueAtPercentile(99),
        histogram.getMaxValue());
  }

  /** The spread of several histograms taken together. */
  static Spread of(Collection<AbstractHistogram> histograms) {
    Histogram sum = new Histogram(2);
    sum.setAutoResize(true);
    histograms.forEach(sum::add);
    return of(sum);
  }

  /** The exact spread of a few values. */
  static Spread of(LongStream values) {
    long[] sorted = values.sorted().toArray();
    return new Spread(sorted.length, rank(sorted, 50), rank(sorted, 99), rank(sorted, 100));
  }

  /** The median, or 0 of nothing. */
  static long median(LongStream values) {
    return rank(values.sorted().toArray(), 50);
  }

  /** The smallest value that this many percent of all values do not exceed. */
  private static long rank(long[] sorted, int percent) {
    if (sorted.length == 0) {
      return 0;
    }
    int rank = (int) (((long) sorted.length * percent + 99) / 100);
    return sorted[Math.max(0, rank - 1)];
  }
}
