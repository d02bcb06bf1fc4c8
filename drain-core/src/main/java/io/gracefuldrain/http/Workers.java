package io.gracefuldrain.http;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Daemon threads that read requests and write answers, one for each job. When all are busy, the
 * oldest job is cut to make room for the newest: its client stalls, or has given up. So the more
 * clients stall, the less time each has, and a client that is quick is always served. A cut is an
 * interrupt, which closes the thread's socket. A job that does not end for it has its thread for
 * good: the others then have fewer. Thread-safe.
 */
final class Workers implements Executor {
  // Jobs that have been cut and have not ended yet; that takes microseconds.
  private static final int QUEUE = 1024;
  private static final Duration KEPT = Duration.ofSeconds(5);
  // How long a job that was cut may take to end before its thread counts as lost.
  private static final long ENDING_NANOS = 100_000_000;

  private final int threads;
  private final LongSupplier nanos;
  private final ThreadPoolExecutor pool;
  private final ReentrantLock lock = new ReentrantLock();
  // Guarded by the lock: what has neither ended nor been cut, the oldest first.
  private final Set<Job> jobs = new LinkedHashSet<>();
  // Guarded by the lock: what was cut and has not ended, the first cut first.
  private final Set<Job> ending = new LinkedHashSet<>();
  private int crowdedOut;

  /** Threads with a name. */
  Workers(String name, int threads) {
    this(name, threads, System::nanoTime);
  }

  Workers(String name, int threads, LongSupplier nanos) {
    this.threads = threads;
    this.nanos = nanos;
    AtomicInteger number = new AtomicInteger();
    pool =
        new ThreadPoolExecutor(
            threads,
            threads,
            KEPT.toNanos(),
            TimeUnit.NANOSECONDS,
            new LinkedBlockingQueue<>(QUEUE),
            task -> daemon(name + "-" + number.incrementAndGet(), task));
    pool.allowCoreThreadTimeOut(true);
  }

  static Thread daemon(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }

  /**
   * Runs a task soon; never blocks.
   *
   * @throws RejectedExecutionException if the threads have ended, or none of those that were cut
   *     ends
   */
  @Override
  public void execute(Runnable task) {
    Job job = new Job(task);
    add(job).forEach(Job::cut);
    try {
      pool.execute(job);
    } catch (RejectedExecutionException e) {
      remove(job);
      throw e;
    } catch (OutOfMemoryError e) { // no more threads; an error would end the server's dispatcher
      remove(job);
      throw new RejectedExecutionException("no thread can be started", e);
    }
  }

  /** Adds a job; returns those that must go for it. */
  private List<Job> add(Job job) {
    lock.lock();
    try {
      List<Job> oldest = makeRoom(1, nanos.getAsLong());
      jobs.add(job);
      return oldest;
    } finally {
      lock.unlock();
    }
  }

  /** Removes the oldest jobs until so many more have room; called with the lock. */
  private List<Job> makeRoom(int more, long now) {
    int room = Math.max(1, threads - lost(now)) - more;
    List<Job> oldest = jobs.stream().limit(Math.max(0, jobs.size() - room)).toList();
    isCut(oldest, now);
    crowdedOut += oldest.size();
    return oldest;
  }

  /** How many threads do not come back, as far as can be seen; called with the lock. */
  private int lost(long now) {
    int lost = 0;
    for (Job job : ending) {
      if (now - job.cutAt < ENDING_NANOS) {
        break; // all that follow were cut later
      }
      lost++;
    }
    return lost;
  }

  private void isCut(List<Job> cut, long now) {
    cut.forEach(jobs::remove);
    ending.addAll(cut);
    cut.forEach(job -> job.cutAt = now);
  }

  private void remove(Job job) {
    lock.lock();
    try {
      jobs.remove(job);
      ending.remove(job);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Cuts the jobs that have taken longer than this, and says how many. Then it cuts those that are
   * too many, since threads were lost.
   */
  int cutOlderThan(Duration limit) {
    long now = nanos.getAsLong();
    List<Job> old;
    List<Job> oldest;
    lock.lock();
    try {
      old = jobs.stream().takeWhile(job -> now - job.since >= limit.toNanos()).toList();
      isCut(old, now);
      oldest = makeRoom(0, now);
    } finally {
      lock.unlock();
    }
    old.forEach(Job::cut);
    oldest.forEach(Job::cut);
    return old.size();
  }

  /** How many were cut to make room since the last time of asking. */
  int crowdedOut() {
    lock.lock();
    try {
      int count = crowdedOut;
      crowdedOut = 0;
      return count;
    } finally {
      lock.unlock();
    }
  }

  /** Ends the threads; answers being written may be finished within a time. */
  void close(Duration most) {
    pool.shutdown();
    try {
      if (pool.awaitTermination(most.toNanos(), TimeUnit.NANOSECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    pool.shutdownNow();
  }

  private final class Job implements Runnable {
    private final Runnable task;
    private final long since = nanos.getAsLong();
    private long cutAt; // guarded by the lock
    // Guarded by this.
    private @Nullable Thread thread;
    private boolean cut;

    Job(Runnable task) {
      this.task = task;
    }

    @Override
    public void run() {
      begin();
      try {
        task.run();
      } finally {
        end();
        remove(this);
      }
    }

    /** One that was cut in the queue is run all the same: that closes its socket. */
    private synchronized void begin() {
      thread = Thread.currentThread();
      if (cut) {
        thread.interrupt();
      }
    }

    /** From here on nobody interrupts; an interruption that came too late is forgotten. */
    private synchronized void end() {
      thread = null;
      Thread.interrupted();
    }

    synchronized void cut() {
      cut = true;
      if (thread != null) {
        thread.interrupt();
      }
    }
  }
}
