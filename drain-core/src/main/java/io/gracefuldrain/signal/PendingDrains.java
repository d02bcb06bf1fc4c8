package io.gracefuldrain.signal;

import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.DrainReason;
import io.gracefuldrain.DrainReport;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The drains that delay the end of the process, in parallel, and the time for all of them. It has
 * its own bounds: a coordinator that hangs, dies or throws is named and left behind. Thread-safe.
 */
final class PendingDrains {
  private static final SignalLog LOG = SignalLog.of(PendingDrains.class);

  /** How long a request waits for the one before it. */
  private static final Duration TURN = Duration.ofSeconds(1);

  private final List<Drain> drains;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  /** One coordinator's drain. Its changing fields are guarded by the lock. */
  private static final class Drain {
    final DrainCoordinator coordinator;
    final Installation installation;
    Duration stopBudget;
    Bounds bounds;

    /** The bounds just before it was asked; they count until it has answered. */
    @Nullable Bounds before;

    boolean over;

    /** The last thread that asked; the next asks after it, so that the receipt has their order. */
    @Nullable Thread asking;

    Drain(Installation installation, long now) {
      this.installation = installation;
      this.coordinator = installation.coordinator();
      this.stopBudget = coordinator.policy().stopMargin();
      this.bounds = Bounds.of(now, coordinator.policy().total(), stopBudget);
    }

    Bounds bounds() {
      return before == null ? bounds : bounds.tighten(before);
    }
  }

  /** The drains to come; their bounds count from now. */
  PendingDrains(List<Installation> installed) {
    long now = System.nanoTime();
    drains = installed.stream().map(installation -> new Drain(installation, now)).toList();
  }

  /** Asks every coordinator to drain. */
  void ask(DrainReason reason) {
    askEach(coordinator -> coordinator.drain(reason));
  }

  /** Asks every coordinator to be done at once; a moment is left for the stops. */
  void force(DrainReason reason) {
    lock.lock();
    try {
      long now = System.nanoTime();
      for (Drain drain : drains) {
        drain.bounds = drain.bounds.tighten(Bounds.of(now, Duration.ZERO, Bounds.FORCED));
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    askEach(coordinator -> coordinator.drain(reason, Duration.ZERO));
  }

  private void askEach(Function<DrainCoordinator, CompletionStage<DrainReport>> request) {
    for (Drain drain : drains) {
      try {
        // Each on its own thread: one may hang, in its log or in the caller of its preStop request.
        askNext(drain, request);
      } catch (OutOfMemoryError e) {
        failed(drain, e);
      }
    }
  }

  private void askNext(
      Drain drain, Function<DrainCoordinator, CompletionStage<DrainReport>> request) {
    lock.lock();
    try {
      Thread former = drain.asking;
      Thread next =
          Threads.daemon(
              "drain-ask",
              () -> {
                awaitTurn(former);
                ask(drain, request);
              });
      next.start();
      drain.asking = next;
    } finally {
      lock.unlock();
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

  private void ask(Drain drain, Function<DrainCoordinator, CompletionStage<DrainReport>> request) {
    try {
      // Before the request too: a drain that has begun knows its end, and the request may hang.
      look(drain, bounds -> drain.before = bounds);
      CompletionStage<DrainReport> done = request.apply(drain.coordinator);
      look(
          drain,
          bounds -> {
            drain.before = null;
            drain.bounds = drain.bounds.tighten(bounds);
          });
      var unused =
          done.whenComplete(
              (receipt, failure) -> {
                if (failure == null) {
                  over(drain);
                } else {
                  failed(drain, failure); // its coordinator was closed
                }
              });
    } catch (Throwable e) {
      failed(drain, e);
    }
  }

  /** Looks at the time left for the drain, and for stopping after it. */
  private void look(Drain drain, Consumer<Bounds> seen) {
    DrainReport report = drain.coordinator.report();
    Duration stopBudget = drain.coordinator.stopBudget();
    Duration remaining =
        report.phase().draining() ? report.budgetRemaining() : drain.coordinator.policy().total();
    lock.lock();
    try {
      drain.stopBudget = stopBudget;
      seen.accept(Bounds.of(System.nanoTime(), remaining, stopBudget));
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void failed(Drain drain, Throwable cause) {
    LOG.warn("DRAIN-055 Pod {} cannot be drained", drain.installation.pod(), cause);
    over(drain);
  }

  private void over(Drain drain) {
    lock.lock();
    try {
      drain.over = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until each drain has ended or its time has passed. Time that the drains did not use is
   * not given to the stops.
   */
  void await() {
    List<Drain> late;
    lock.lock();
    try {
      waitWhile(this::drainsLeft);
      late = drains.stream().filter(drain -> !drain.over).toList();
      long now = System.nanoTime();
      for (Drain drain : drains) {
        drain.bounds = drain.bounds.tighten(Bounds.of(now, Duration.ZERO, drain.stopBudget));
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    for (Drain drain : late) {
      LOG.warn("DRAIN-055 The drain of pod {} is not done in time", drain.installation.pod());
    }
  }

  private long drainsLeft() {
    long now = System.nanoTime();
    return drains.stream()
        .filter(drain -> !drain.over)
        .mapToLong(drain -> drain.bounds().waitUntil() - now)
        .max()
        .orElse(0);
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
      long now = System.nanoTime();
      return drains.stream().mapToLong(drain -> drain.bounds().haltAt() - now).max().orElse(0);
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
        LOG.debug("Interrupted: waiting on", e);
      }
    }
  }
}
