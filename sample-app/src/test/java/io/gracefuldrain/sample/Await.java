package io.gracefuldrain.sample;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits for a condition, and not for longer than it is worth. */
public final class Await {
  private Await() {}

  public static void until(String what, Duration most, BooleanSupplier condition) {
    long end = System.nanoTime() + most.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        throw new AssertionError("not within " + most + ": " + what);
      }
      try {
        Thread.sleep(20);
      } catch (InterruptedException e) {
        throw new AssertionError("interrupted while waiting: " + what, e);
      }
    }
  }
}
