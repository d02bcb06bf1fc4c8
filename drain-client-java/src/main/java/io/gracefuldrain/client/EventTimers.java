package io.gracefuldrain.client;

import io.socket.thread.EventThread;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Real time. One daemon thread waits for all aware sockets of the process, and hands each task to
 * the event thread. It ends after ten seconds without a task.
 */
final class EventTimers implements Timers {
  private static final EventTimers SHARED = new EventTimers();
  private static final long IDLE_SECONDS = 10;

  private final ScheduledThreadPoolExecutor waiting;

  private EventTimers() {
    waiting =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "drain-client-timer");
              thread.setDaemon(true);
              return thread;
            });
    waiting.setKeepAliveTime(IDLE_SECONDS, TimeUnit.SECONDS);
    waiting.allowCoreThreadTimeOut(true);
    waiting.setRemoveOnCancelPolicy(true);
  }

  static Timers shared() {
    return SHARED;
  }

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  @Override
  public Cancellable after(long millis, Runnable task) {
    // Checked on the event thread: a task cancelled there may already be queued.
    boolean[] cancelled = new boolean[1];
    Runnable unlessCancelled =
        () -> {
          if (!cancelled[0]) {
            task.run();
          }
        };
    ScheduledFuture<?> waits =
        waiting.schedule(
            () -> EventThread.exec(unlessCancelled), Math.max(0, millis), TimeUnit.MILLISECONDS);
    return () -> {
      cancelled[0] = true;
      waits.cancel(false);
    };
  }
}
