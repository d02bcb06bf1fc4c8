package io.gracefuldrain.client;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for a condition, with a bound. */
final class Await {
  /** Long enough for anything that should happen at once on a busy machine. */
  static final Duration SOON = Duration.ofSeconds(10);

  private Await() {}

  static void until(String what, BooleanSupplier condition) {
    until(what, SOON, condition);
  }

  static void until(String what, Duration bound, BooleanSupplier condition) {
    until(() -> what, bound, condition);
  }

  /** The same. The words are asked for when the time is over. */
  static void until(Supplier<String> what, Duration bound, BooleanSupplier condition) {
    long deadline = System.nanoTime() + bound.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError("not within " + bound + ": " + what.get());
      }
      LockSupport.parkNanos(2_000_000);
    }
  }
}
