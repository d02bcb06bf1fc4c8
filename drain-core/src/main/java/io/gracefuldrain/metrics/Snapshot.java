package io.gracefuldrain.metrics;

import io.gracefuldrain.DrainReport;
import io.gracefuldrain.DrainTotals;
import io.micrometer.core.instrument.Clock;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The coordinator's figures, asked once for all meters of a scrape: a report takes the lock and
 * looks at every connection. Thread-safe.
 */
final class Snapshot {
  /** Longer than a scrape takes, and much shorter than the time between two. */
  static final Duration KEPT = Duration.ofMillis(100);

  private final Supplier<DrainReport> reports;
  private final Supplier<DrainTotals> totals;
  private final Clock clock;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable Taken taken; // guarded by the lock

  private record Taken(DrainReport report, DrainTotals totals, long at) {}

  Snapshot(Supplier<DrainReport> reports, Supplier<DrainTotals> totals, Clock clock) {
    this.reports = reports;
    this.totals = totals;
    this.clock = clock;
  }

  DrainReport report() {
    return current().report();
  }

  DrainTotals totals() {
    return current().totals();
  }

  private Taken current() {
    lock.lock();
    try {
      long now = clock.monotonicTime();
      Taken last = taken;
      if (last == null || now - last.at() >= KEPT.toNanos()) {
        last = new Taken(reports.get(), totals.get(), now);
        taken = last;
      }
      return last;
    } finally {
      lock.unlock();
    }
  }
}
