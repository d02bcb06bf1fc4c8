package io.gracefuldrain.signal;

import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.DrainPolicy;
import io.gracefuldrain.DrainReason;
import io.gracefuldrain.DrainReport;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The drain that delays the end of the process, and the time for it. It has its own bounds: a
 * coordinator that hangs, dies or throws is named and left behind. Thread-safe.
 */
final class PendingDrain {
  private static final SignalLog LOG = SignalLog.of(PendingDrain.class);

  /** How long a request waits for the one before it. */
  private static final Duration TURN = Duration.ofSeconds(1);

  private final DrainCoordinator coordinator;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // Everything below is guarded by the lock.
  private Bounds bounds;

  /** The bounds just before it was asked; they count until it has answered. */
  private @Nullable Bounds before;

  private boolean over;

  /** The last thread that asked; the next asks after it, so that the receipt has their order. */
  private @Nullable Thread asking;

  /** The drain to come; its bounds count from now. */
  PendingDrain(DrainCoordinator coordinator) {
    this.coordinator = coordinator;
    Duration longest = longest(coordinator.policy());
    Duration left = coordinator.policy().gracePeriod().minus(longest);
    Duration stops = left.compareTo(Bounds.FORCED) > 0 ? left : Bounds.FORCED;
    bounds = Bounds.of(System.nanoTime(), longest, stops);
  }

  /** How long a drain may take that nobody has begun yet, within what its grace period leaves. */
  private static Duration longest(DrainPolicy policy) {
    Duration inGrace = policy.gracePeriod().minus(policy.stopMargin());
    Duration most = inGrace.compareTo(Bounds.FORCED) > 0 ? inGrace : Bounds.FORCED;
    Duration total = policy.total();
    return total.compareTo(most) < 0 ? total : most;
  }

  /** Asks the coordinator to drain. */
  void ask(DrainReason reason) {
    askNext(asked -> asked.drain(reason).done());
  }

  /** Asks the coordinator to be done at once; a moment is left for the stops. */
  void force(DrainReason reason) {
    lock.lock();
    try {
      bounds = bounds.tighten(Bounds.of(System.nanoTime(), Duration.ZERO, Bounds.FORCED));
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    askNext(asked -> asked.drain(reason).within(Duration.ZERO).done());
  }

  /** On a thread of its own: it may hang, in its log or in the caller of its preStop request. */
  private void askNext(Function<DrainCoordinator, CompletionStage<DrainReport>> request) {
    OutOfMemoryError failure = null;
    lock.lock();
    try {
      Thread former = asking;
      Thread next =
          Threads.daemon(
              "drain-ask",
              () -> {
                awaitTurn(former);
                ask(request);
              });
      next.start();
      asking = next;
    } catch (OutOfMemoryError e) {
      failure = e; // no more threads
    } finally {
      lock.unlock();
    }
    if (failure != null) {
      failed(failure);
    }
  }

  /** Waits until the former thread has asked; one that hangs loses its turn. */
  private static void awaitTurn(@Nullable Thread former) {
    if (former != null) {
      try {
        former.join(TURN.toMillis());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt(); // only the thread itself is concerned: it asks at once
      }
    }
  }

  private void ask(Function<DrainCoordinator, CompletionStage<DrainReport>> request) {
    try {
      // Before the request too: a drain that has begun knows its end, and the request may hang.
      look(seen -> before = seen);
      CompletionStage<DrainReport> done = request.apply(coordinator);
      look(
          seen -> {
            before = null;
            bounds = bounds.tighten(seen);
          });
      var unused =
          done.whenComplete(
              (receipt, failure) -> {
                if (failure == null) {
                  over();
                } else {
                  failed(failure);
                }
              });
    } catch (Throwable e) {
      failed(e);
    }
  }

  /** Looks at the time left for the drain, and for stopping after it. */
  private void look(Consumer<Bounds> seen) {
    DrainReport report = coordinator.report();
    Duration stops = coordinator.stopBudget();
    Duration remaining =
        report.phase().draining() ? report.budgetRemaining() : longest(coordinator.policy());
    lock.lock();
    try {
      seen.accept(Bounds.of(System.nanoTime(), remaining, stops));
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void failed(Throwable cause) {
    LOG.warn("DRAIN-055 Pod {} cannot be drained", coordinator.policy().pod(), cause);
    over();
  }

  private void over() {
    lock.lock();
    try {
      over = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until the drain has ended or its time has passed. The stops have what it did not use of
   * the grace period.
   */
  void await() {
    boolean late;
    lock.lock();
    try {
      waitWhile(() -> over ? 0 : bounds().waitUntil() - System.nanoTime());
      late = !over;
    } finally {
      lock.unlock();
    }
    if (late) {
      LOG.warn("DRAIN-055 The drain of pod {} is not done in time", coordinator.policy().pod());
    }
  }

  private Bounds bounds() {
    return before == null ? bounds : bounds.tighten(before);
  }

  /** Waits until all time is over, including the time of the stops and of the exit. */
  void awaitEnd() {
    lock.lock();
    try {
      waitWhile(this::left);
    } finally {
      lock.unlock();
    }
  }

  /** How many nanoseconds are left until all time has passed. */
  long left() {
    lock.lock();
    try {
      return bounds().haltAt() - System.nanoTime();
    } finally {
      lock.unlock();
    }
  }

  /** Waits while time is left. A change may shorten it, an interrupt may not. */
  private void waitWhile(LongSupplier nanosLeft) {
    for (long left = nanosLeft.getAsLong(); left > 0; left = nanosLeft.getAsLong()) {
      try {
        changed.awaitNanos(left);
      } catch (InterruptedException e) {
        // It waits on. The log is not called here, with the lock.
      }
    }
  }
}
