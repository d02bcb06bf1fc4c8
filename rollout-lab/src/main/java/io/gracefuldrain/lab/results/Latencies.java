package io.gracefuldrain.lab.results;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A set of latencies: how often each one came, in whole milliseconds. Unlike a {@link Spread}, two
 * of them can be added.
 */
public record Latencies(SortedMap<Long, Long> counts) {
  /** No latencies. */
  public static final Latencies NONE = new Latencies(new TreeMap<>());

  /** Keeps its counts as they are now. */
  public Latencies {
    counts = Collections.unmodifiableSortedMap(new TreeMap<>(counts));
  }

  /** The sum of both. */
  public Latencies plus(Latencies other) {
    SortedMap<Long, Long> sum = new TreeMap<>(counts);
    other.counts.forEach((ms, count) -> sum.merge(ms, count, Long::sum));
    return new Latencies(sum);
  }

  /** How many latencies there are. */
  public long count() {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Their spread. */
  public Spread spread() {
    return new Spread(
        count(), percentile(50), percentile(99), counts.isEmpty() ? 0 : counts.lastKey());
  }

  private long percentile(int percent) {
    long rank = (count() * percent + 99) / 100;
    long so = 0;
    for (Map.Entry<Long, Long> each : counts.entrySet()) {
      so += each.getValue();
      if (so >= rank) {
        return each.getKey();
      }
    }
    return 0;
  }
}
