package io.gracefuldrain.benchmarks;

import java.util.List;
import java.util.Locale;

/** The median and the extremes of some numbers. */
record Spread(double median, double min, double max, int count) {

  static Spread of(List<Double> numbers) {
    List<Double> sorted = numbers.stream().sorted().toList();
    int size = sorted.size();
    double median = (sorted.get((size - 1) / 2) + sorted.get(size / 2)) / 2;
    return new Spread(median, sorted.get(0), sorted.get(size - 1), size);
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%.3f (min %.3f, max %.3f, of %s)", median, min, max, count);
  }
}
