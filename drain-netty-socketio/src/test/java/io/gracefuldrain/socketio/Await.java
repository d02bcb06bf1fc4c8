package io.gracefuldrain.socketio;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits until a condition holds, with a bound, or checks that one holds all the time. */
final class Await {
  /** Long enough for what should happen at once, even on a busy machine. */
  static final Duration SOON = Duration.ofSeconds(10);

  private Await() {}

  static void until(String what, BooleanSupplier condition) {
    until(what, SOON, condition);
  }

  static void until(String what, Duration bound, BooleanSupplier condition) {
    until(() -> what, bound, condition);
  }

  /** The same, with a text that is made when the time is over. */
  static void until(Supplier<String> what, Duration bound, BooleanSupplier condition) {
    long deadline = System.nanoTime() + bound.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError("not within " + bound + ": " + what.get());
      }
      LockSupport.parkNanos(2_000_000);
    }
  }

  /** A wait in which something must not happen. Fails as soon as the condition does not hold. */
  static void staysSo(String what, Duration time, BooleanSupplier condition) {
    long over = System.nanoTime() + time.toNanos();
    while (System.nanoTime() - over < 0) {
      if (!condition.getAsBoolean()) {
        throw new AssertionError("did not stay so for " + time + ": " + what);
      }
      LockSupport.parkNanos(2_000_000);
    }
  }
}
