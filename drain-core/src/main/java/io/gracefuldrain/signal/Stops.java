package io.gracefuldrain.signal;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * Stops servers after the drains: the stops of one coordinator in order, those of several
 * coordinators side by side, since all have the same time. Thread-safe.
 */
final class Stops {
  /** Another signal may shorten the time left, so it is read this often. */
  private static final long LOOK_AGAIN = 50_000_000;

  /**
   * The wait ends this long after all time has passed: the watchdog acts first, and reports the
   * part that hangs.
   */
  private static final long AFTER_THE_WATCHDOG = 1_000_000_000;

  private static final SignalLog LOG = SignalLog.of(Stops.class);

  private final List<Installation> installed;
  private final LongSupplier nanosLeft;
  private final List<Thread> threads = new CopyOnWriteArrayList<>();

  /**
   * Stops to come.
   *
   * @param nanosLeft until all time has passed
   */
  Stops(List<Installation> installed, LongSupplier nanosLeft) {
    this.installed = installed;
    this.nanosLeft = nanosLeft;
  }

  /**
   * Runs them, the first coordinator's on this thread. Returns when all are done, or when the first
   * one's are done and all time has passed.
   */
  void run() {
    threads.add(Thread.currentThread());
    for (int i = 1; i < installed.size(); i++) {
      start("drain-stop-" + (i + 1), installed.get(i));
    }
    if (!installed.isEmpty()) {
      stop(installed.get(0));
    }
    threads.remove(Thread.currentThread());
    threads.forEach(this::await);
  }

  private void start(String name, Installation installation) {
    Thread thread = Threads.daemon(name, () -> stop(installation));
    try {
      thread.start();
      threads.add(thread);
    } catch (OutOfMemoryError e) {
      LOG.error("DRAIN-055 {}: no thread can be started; stopping one by one", name, e);
      stop(installation);
    }
  }

  /** One that fails stops no other. */
  private static void stop(Installation installation) {
    List<Runnable> stops = installation.stops();
    Thread.currentThread().setContextClassLoader(installation.classLoader());
    for (int i = 0; i < stops.size(); i++) {
      try {
        stops.get(i).run();
      } catch (Throwable e) {
        LOG.warn(
            "DRAIN-056 Stop {} of {} of pod {} failed", i + 1, stops.size(), installation.pod(), e);
      }
    }
  }

  private void await(Thread thread) {
    while (thread.isAlive() && nanosLeft.getAsLong() > -AFTER_THE_WATCHDOG) {
      try {
        TimeUnit.NANOSECONDS.timedJoin(thread, LOOK_AGAIN);
      } catch (InterruptedException e) {
        LOG.debug("Interrupted: waiting on", e);
      }
    }
  }

  /** The threads that still run stops. */
  Stream<Thread> running() {
    return threads.stream().filter(Thread::isAlive);
  }
}
