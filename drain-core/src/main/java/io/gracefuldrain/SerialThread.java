package io.gracefuldrain;

import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Runs tasks one after the other on a daemon thread of its own, for code that may block. The thread
 * ends when there has been nothing to do for a while. A task reports its own failures, and whoever
 * adds tasks bounds their number. Thread-safe.
 */
final class SerialThread implements Executor {
  private final String name;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // Guarded by the lock.
  private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
  private @Nullable Thread thread;
  private boolean closed;

  SerialThread(String name) {
    this.name = name;
  }

  /** Adds a task; after {@link #close} it does nothing. */
  @Override
  public void execute(Runnable task) {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      tasks.add(task);
      if (thread == null) {
        start();
      } else {
        changed.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  private void start() {
    Thread fresh = new Thread(this::run, name);
    fresh.setDaemon(true);
    try {
      fresh.start();
      thread = fresh;
    } catch (OutOfMemoryError e) {
      // No thread can be had now. The tasks wait, and the next one tries again.
    }
  }

  private void run() {
    try {
      for (Runnable task = next(); task != null; task = next()) {
        try {
          task.run();
        } catch (Throwable e) {
          // It has failed to report its own failure. The tasks behind it are run all the same.
        }
      }
    } finally {
      ended();
    }
  }

  private @Nullable Runnable next() {
    lock.lock();
    try {
      while (tasks.isEmpty()) {
        if (closed || (!changed.await(10, TimeUnit.SECONDS) && tasks.isEmpty())) {
          return null;
        }
      }
      return tasks.remove();
    } catch (InterruptedException e) { // by a task that interrupts its own thread
      return () -> {};
    } finally {
      lock.unlock();
    }
  }

  /** The thread ends, also when memory is short. Tasks that came meanwhile have another one. */
  private void ended() {
    lock.lock();
    try {
      thread = null;
      if (!tasks.isEmpty()) {
        start();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Takes no more tasks; those that wait are still run. */
  void close() {
    lock.lock();
    try {
      closed = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }
}
