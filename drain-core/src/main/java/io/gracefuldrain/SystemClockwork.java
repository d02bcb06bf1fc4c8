package io.gracefuldrain;

import java.time.Instant;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Real time, and a daemon thread named {@code drain-coordinator}. */
final class SystemClockwork implements Clockwork {
  private final ScheduledThreadPoolExecutor executor;

  SystemClockwork() {
    executor =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "drain-coordinator");
              thread.setDaemon(true);
              return thread;
            });
    executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    executor.setRemoveOnCancelPolicy(true);
    // Now, and not when a drain begins: then the system may have no thread left.
    executor.prestartCoreThread();
  }

  @Override
  public long nanos() {
    return System.nanoTime();
  }

  @Override
  public Instant wallTime() {
    return Instant.now();
  }

  @Override
  @SuppressWarnings("FutureReturnValueIgnored") // a step catches its own failures
  public void runAfter(long delayNanos, Runnable step) {
    try {
      executor.schedule(step, delayNanos, TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      if (!executor.isShutdown()) {
        throw e;
      }
    }
  }

  @Override
  public GraceClock newGraceClock() {
    return new GraceClock(System::getProperties);
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }
}
