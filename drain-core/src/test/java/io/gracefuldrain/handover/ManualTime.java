package io.gracefuldrain.handover;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Time that passes only when told. */
final class ManualTime implements Time {
  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000_000_000L);
  private final AtomicLong millis = new AtomicLong(1_790_000_000_000L);

  @Override
  public long nanos() {
    return nanos.get();
  }

  @Override
  public long millis() {
    return millis.get();
  }

  void pass(Duration by) {
    nanos.addAndGet(by.toNanos());
    millis.addAndGet(by.toMillis());
  }
}
