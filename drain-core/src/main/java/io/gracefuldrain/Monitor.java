package io.gracefuldrain;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The coordinator's one lock, and the news to be told once it is free. All state changes under it.
 * Foreign code (connections, listeners, completions, the log) is called after it.
 */
final class Monitor {
  private final Journal journal;
  private final ReentrantLock lock = new ReentrantLock();

  // Guarded by the lock.
  private List<Runnable> afterwards = new ArrayList<>();

  Monitor(Journal journal) {
    this.journal = journal;
  }

  /** Whether the caller has the lock; for assertions, which the tests enable. */
  boolean held() {
    return lock.isHeldByCurrentThread();
  }

  /**
   * Takes the lock for everyday changes with nothing to tell; all others use {@link #run} and
   * {@link #get}.
   */
  void lock() {
    lock.lock();
  }

  /** Ends the section that {@link #lock} began. */
  void unlock() {
    lock.unlock();
  }

  /** Runs the body under the lock, and then its announcements without the lock. */
  void run(Runnable body) {
    get(
        () -> {
          body.run();
          return null;
        });
  }

  /** As {@link #run}; returns the body's result. */
  <T extends @Nullable Object> T get(Supplier<T> body) {
    assert !held() : "within another, what is to be told would be told with the lock held";
    List<Runnable> after = List.of();
    lock.lock();
    try {
      return body.get();
    } finally {
      try {
        // The list itself leaves the lock, unless it is empty.
        if (!afterwards.isEmpty()) {
          List<Runnable> fresh = new ArrayList<>();
          after = afterwards;
          afterwards = fresh;
        }
      } finally {
        lock.unlock(); // also when memory is short
      }
      after.forEach(this::tell);
    }
  }

  /** Has something told once the lock is free; called with it. */
  void after(Runnable news) {
    assert held();
    afterwards.add(news);
  }

  /** A failure does not stop the others. */
  private void tell(Runnable news) {
    try {
      news.run();
    } catch (Throwable e) {
      journal.warn(LogCode.STEP_FAILED.line(), e);
    }
  }
}
