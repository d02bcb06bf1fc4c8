package io.gracefuldrain.sample.probe;

import java.util.concurrent.atomic.AtomicInteger;

/** How many clients of a crowd move now. Thread-safe. */
final class Movers {
  private final AtomicInteger count = new AtomicInteger();

  void began() {
    count.incrementAndGet();
  }

  void ended() {
    count.decrementAndGet();
  }

  boolean any() {
    return count.get() > 0;
  }
}
