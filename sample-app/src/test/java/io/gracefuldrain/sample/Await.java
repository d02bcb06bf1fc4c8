package io.gracefuldrain.sample;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits for a condition, and not for longer than it is worth. */
public final class Await {
  private Await() {}

  /** Fails unless the condition holds now and all the time: the wait before "nothing happened". */
  public static void staysSo(String what, Duration duration, BooleanSupplier condition) {
    long begun = System.nanoTime();
    do {
      if (!condition.getAsBoolean()) {
        throw new AssertionError("not for all of " + duration + ": " + what);
      }
      pause();
    } while (System.nanoTime() - begun < duration.toNanos());
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
