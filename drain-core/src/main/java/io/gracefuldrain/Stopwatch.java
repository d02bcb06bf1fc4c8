package io.gracefuldrain;

import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;

/** Counts durations over a coordinator's life. Thread-safe. */
final class Stopwatch {
  private final LongAdder count = new LongAdder();
  private final LongAdder nanos = new LongAdder();
  private final LongAccumulator max = new LongAccumulator(Math::max, 0);

  void record(long duration) {
    count.increment();
    nanos.add(duration);
    max.accumulate(duration);
  }

  DrainTotals.Timing timing() {
    return new DrainTotals.Timing(count.sum(), nanos.sum(), max.get());
  }
}
