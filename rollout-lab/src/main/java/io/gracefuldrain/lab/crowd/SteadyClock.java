package io.gracefuldrain.lab.crowd;

import java.util.concurrent.TimeUnit;

/** Milliseconds since the epoch that never go back, though the wall clock be set. Thread-safe. */
final class SteadyClock {
  private final long epochMs = System.currentTimeMillis();
  private final long startNanos = System.nanoTime();

  long nowMs() {
    return epochMs + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos);
  }
}
