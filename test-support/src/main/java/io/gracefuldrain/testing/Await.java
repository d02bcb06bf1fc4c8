package io.gracefuldrain.testing;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for a condition, with a bound. */
public final class Await {
  /** Long enough for anything that should happen at once on a busy machine. */
  public static final Duration SOON = Duration.ofSeconds(10);

  private static final long LOOK_AGAIN_NANOS = 5_000_000;

  private Await() {}

  /**
   * Waits until the condition holds, and fails when it does not hold soon. For a condition that
   * needs no words.
   */
  public static void until(BooleanSupplier condition) {
    until("the condition", condition);
  }

  /** Waits until the condition holds, and fails when it does not hold soon. */
  public static void until(String what, BooleanSupplier condition) {
    until(what, SOON, condition);
  }

  /** Waits until the condition holds, and fails when it does not hold within the bound. */
  public static void until(String what, Duration bound, BooleanSupplier condition) {
    until(() -> what, bound, condition);
  }

  /** The same, with words made at the end: they can say how things stand then. */
  public static void until(Supplier<String> what, Duration bound, BooleanSupplier condition) {
    long deadline = System.nanoTime() + bound.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError("not within " + bound + ": " + what.get());
      }
      pause(what);
    }
  }

  /** Fails unless the condition holds now and all the time: the wait before "nothing happened". */
  public static void staysSo(String what, Duration duration, BooleanSupplier condition) {
    long begun = System.nanoTime();
    long looked;
    do {
      looked = System.nanoTime() - begun;
      if (!condition.getAsBoolean()) {
        throw new AssertionError(
            "not any more after %s of %s ms: %s"
                .formatted(looked / 1_000_000, duration.toMillis(), what));
      }
      pause(() -> what);
    } while (looked < duration.toNanos());
  }

  private static void pause(Supplier<String> what) {
    LockSupport.parkNanos(LOOK_AGAIN_NANOS);
    if (Thread.currentThread().isInterrupted()) {
      throw new AssertionError("interrupted while waiting: " + what.get());
    }
  }
}
