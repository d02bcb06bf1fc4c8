package io.gracefuldrain.sample;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits for a condition, and not for longer than it is worth. */
public final class Await {
  private Await() {}

  /** Waits for all of the time, and fails when something else happens in it. */
  public static void stays(String what, Duration time, BooleanSupplier condition) {
    long end = System.nanoTime() + time.toNanos();
    while (System.nanoTime() - end < 0) {
      if (!condition.getAsBoolean()) {
        throw new AssertionError("not for " + time + ": " + what);
      }
      pause();
    }
  }

  public static void until(String what, Duration most, BooleanSupplier condition) {
    long end = System.nanoTime() + most.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        throw new AssertionError("not within " + most + ": " + what);
      }
      pause();
    }
  }

  private static void pause() {
    try {
      Thread.sleep(20);
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted while waiting", e);
    }
  }
}
