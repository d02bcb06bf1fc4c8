package io.gracefuldrain.lab.crowd;

import java.util.concurrent.TimeUnit;

/** Milliseconds since the epoch that never go back, even if the wall clock is set. Thread-safe. */
final class SteadyClock {
  private final long epochMs = System.currentTimeMillis();
  private final long startNanos = System.nanoTime();

  long nowMs() {
    return epochMs + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos);
  }
}
