package io.gracefuldrain.http;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * The bounds of requests that wait. What is late is told on a thread of its own: it logs and writes
 * to clients, both of which may block, and the next bound must hold all the same. Thread-safe.
 */
final class Deadlines implements Bound {
  private final ScheduledThreadPoolExecutor timer;

  Deadlines() {
    this(task -> Workers.daemon("drain-bounds", task));
  }

  Deadlines(ThreadFactory threads) {
    timer = new ScheduledThreadPoolExecutor(1, threads);
    timer.setRemoveOnCancelPolicy(true);
    timer.setKeepAliveTime(10, TimeUnit.SECONDS); // with nothing to wait for
    timer.allowCoreThreadTimeOut(true);
  }

  @Override
  @SuppressWarnings("FutureReturnValueIgnored") // the callback does not throw
  public void set(CompletableFuture<Answer> waiting, Duration after, Runnable late) {
    ScheduledFuture<?> deadline;
    try {
      deadline = timer.schedule(() -> tell(late), after.toNanos(), TimeUnit.NANOSECONDS);
    } catch (OutOfMemoryError e) { // no more threads: nothing waits without a bound
      late.run();
      return;
    }
    waiting.whenComplete((answer, gone) -> deadline.cancel(false));
  }

  private static void tell(Runnable late) {
    Thread teller = Workers.daemon("drain-late", late);
    try {
      teller.start();
    } catch (OutOfMemoryError e) { // no more threads: late here is better than never
      late.run();
    }
  }
}
