package io.gracefuldrain;

import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** Tells listeners, in order, on a thread of their own with a bounded queue. */
final class Listeners {
  static final int QUEUE = 4096;

  private final List<DrainListener> listeners = new CopyOnWriteArrayList<>();
  private final AtomicLong drops = new AtomicLong();
  private final ThreadPoolExecutor executor;
  private final Journal journal;

  Listeners(Journal journal) {
    this.journal = journal;
    executor =
        new ThreadPoolExecutor(
            1,
            1,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(QUEUE),
            task -> {
              Thread thread = new Thread(task, "drain-listener");
              thread.setDaemon(true);
              return thread;
            });
    executor.allowCoreThreadTimeOut(true);
  }

  void add(DrainListener listener) {
    listeners.add(listener);
  }

  void remove(DrainListener listener) {
    listeners.remove(listener);
  }

  long drops() {
    return drops.get();
  }

  /**
   * Queues the news for the current listeners.
   *
   * @return false if the news was dropped and that is worth a line: the first time, and then every
   *     thousandth, since a full queue stays full for long
   */
  boolean tell(Consumer<DrainListener> news) {
    Iterator<DrainListener> told = listeners.iterator();
    if (!told.hasNext()) {
      return true;
    }
    try {
      executor.execute(() -> told.forEachRemaining(listener -> tell(listener, news)));
    } catch (RejectedExecutionException | OutOfMemoryError e) { // the queue, or no thread to be had
      return executor.isShutdown() || drops.getAndIncrement() % 1000 != 0;
    }
    return true;
  }

  void warnOfDrops() {
    journal.warn(
        LogCode.LISTENER_QUEUE_FULL.line().put("queue", QUEUE).put("dropped", drops.get()), null);
  }

  private void tell(DrainListener listener, Consumer<DrainListener> news) {
    if (!listeners.contains(listener)) {
      return; // removed meanwhile
    }
    try {
      news.accept(listener);
    } catch (
        Throwable e) { // a listener is user code: it may throw anything, and the next one is told
      journal.warn(
          LogCode.LISTENER_FAILED.line().put("listener", listener.getClass().getName()), e);
    }
  }

  void close() {
    executor.shutdown();
  }
}
