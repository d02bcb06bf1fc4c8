package io.gracefuldrain.handover;

import java.time.Duration;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The queue of a pool of threads: a task is given to an idle thread if there is one, else to a new
 * one, and waits only if there are as many as there may be. Thread-safe.
 */
final class IdleFirst extends LinkedTransferQueue<Runnable> {
  private static final long serialVersionUID = 1L;

  private IdleFirst() {}

  /**
   * A pool of daemon threads.
   *
   * @param name what the names of its threads begin with
   * @param most how many threads there may be
   * @param kept how long one stays that has nothing to do
   */
  static ThreadPoolExecutor pool(String name, int most, Duration kept) {
    IdleFirst queue = new IdleFirst();
    AtomicInteger number = new AtomicInteger();
    return new ThreadPoolExecutor(
        0,
        most,
        kept.toNanos(),
        TimeUnit.NANOSECONDS,
        queue,
        task -> daemon(name + number.incrementAndGet(), task),
        (task, pool) -> queue.put(task));
  }

  static Thread daemon(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }

  /** Says no if nobody is idle: the pool starts a thread then. */
  @Override
  public boolean offer(Runnable task) {
    return tryTransfer(task);
  }
}
