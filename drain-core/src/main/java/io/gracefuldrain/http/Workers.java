package io.gracefuldrain.http;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A few daemon threads that read requests and write answers. A slow client cannot hold them: no job
 * takes longer than {@link #LIMIT}. When all threads are busy and jobs wait, jobs that have taken
 * {@link #PATIENCE} are cut to make room. The job that came last runs first: its client is the most
 * likely to wait still. A cut is an interrupt, which closes the thread's socket. Thread-safe.
 */
final class Workers implements Executor {
  /** Shorter than the second that the kubelet gives a probe. */
  static final Duration PATIENCE = Duration.ofMillis(100);

  static final Duration LIMIT = Duration.ofSeconds(10);
  private static final int QUEUE = 128;
  private static final Logger LOG = LoggerFactory.getLogger(Workers.class);

  private final String name;
  private final ThreadPoolExecutor pool;
  private final ScheduledThreadPoolExecutor watch;
  private final Queue<Job> running = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean relieving = new AtomicBoolean();

  /** Threads with a name; the watch ends their time. */
  Workers(String name, int threads, ScheduledThreadPoolExecutor watch) {
    this.name = name;
    this.watch = watch;
    AtomicInteger number = new AtomicInteger();
    pool =
        new ThreadPoolExecutor(
            threads,
            threads,
            30,
            TimeUnit.SECONDS,
            new Stack(),
            task -> daemon(name + "-" + number.incrementAndGet(), task));
    pool.allowCoreThreadTimeOut(true);
  }

  static Thread daemon(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }

  /**
   * Runs a task soon.
   *
   * @throws RejectedExecutionException if too many wait already, or the threads have ended
   */
  @Override
  public void execute(Runnable task) {
    pool.execute(new Job(task));
    relieve();
  }

  @SuppressWarnings("FutureReturnValueIgnored") // it does not throw
  private void relieve() {
    if (!pool.getQueue().isEmpty() && relieving.compareAndSet(false, true)) {
      List<Job> busy = List.copyOf(running);
      after(PATIENCE, () -> makeRoom(busy));
    }
  }

  /** Jobs that were running then and still are have had their time; the oldest go first. */
  private void makeRoom(List<Job> busy) {
    int waiting = pool.getQueue().size();
    int cut = 0;
    for (Job job : busy) {
      if (cut < waiting && job.cut()) {
        cut++;
      }
    }
    if (cut > 0) {
      LOG.warn("DRAIN-043 {}: cut {} unfinished exchanges, {} were waiting", name, cut, waiting);
    }
    relieving.set(false);
    relieve();
  }

  private @Nullable ScheduledFuture<?> after(Duration delay, Runnable action) {
    try {
      return watch.schedule(action, delay.toNanos(), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      return null; // closing: everything is cut anyway
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

  /** A bounded queue that returns the entry that has waited longest last. */
  private static final class Stack extends LinkedBlockingDeque<Runnable> {
    private static final long serialVersionUID = 1L;

    Stack() {
      super(QUEUE);
    }

    @Override
    public boolean offer(Runnable task) {
      return offerFirst(task);
    }
  }

  private final class Job implements Runnable {
    private final Runnable task;
    private @Nullable Thread thread; // guarded by this

    Job(Runnable task) {
      this.task = task;
    }

    @Override
    public void run() {
      begin();
      ScheduledFuture<?> limit = after(LIMIT, this::outOfTime);
      try {
        task.run();
      } finally {
        if (limit != null) {
          limit.cancel(false);
        }
        end();
      }
    }

    private synchronized void begin() {
      thread = Thread.currentThread();
      running.add(this);
    }

    /** From here on nobody interrupts; an interruption that came too late is forgotten. */
    private synchronized void end() {
      running.remove(this);
      thread = null;
      Thread.interrupted();
    }

    private void outOfTime() {
      if (cut()) {
        LOG.warn("DRAIN-043 {}: cut an exchange unfinished after {}", name, LIMIT);
      }
    }

    synchronized boolean cut() {
      if (thread == null) {
        return false;
      }
      thread.interrupt();
      return true;
    }
  }
}
