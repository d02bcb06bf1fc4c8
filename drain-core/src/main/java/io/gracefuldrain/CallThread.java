package io.gracefuldrain;

import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Calls connections, one after the other, on a thread that is not the coordinator's. A call that
 * blocks is named in the log. Its thread is interrupted and left behind, and another goes on with
 * the queue. So a connection can hold up the others by {@link #PATIENCE} at most, and only {@link
 * #MOST_STUCK} times. The queue holds at most a few calls for each connection tracked.
 */
final class CallThread implements ConnectionCaller {
  static final long PATIENCE = 1_000_000_000L;
  static final long SLOW = 100_000_000L;
  static final int MOST_STUCK = 8;

  private final Clockwork clock;
  private final Journal journal;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ArrayDeque<Call> queue = new ArrayDeque<>();
  private volatile Failures failures = call -> List.of();
  private @Nullable Worker worker;
  private int stuck;
  private boolean closed;

  CallThread(Clockwork clock, Journal journal) {
    this.clock = clock;
    this.journal = journal;
  }

  @Override
  public void onFailure(Failures next) {
    failures = next;
  }

  @Override
  public void call(Iterable<Call> calls) {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      for (Call call : calls) {
        queue.add(call);
      }
      wakeWorker();
    } finally {
      lock.unlock();
    }
  }

  private void wakeWorker() {
    if (queue.isEmpty()) {
      return;
    }
    if (worker == null && stuck < MOST_STUCK) {
      Worker fresh = new Worker();
      fresh.start(); // may fail, and is then tried again at the next step
      worker = fresh;
    }
    changed.signal();
  }

  @Override
  public boolean check() {
    Call abandoned = null;
    boolean out;
    lock.lock();
    try {
      Worker current = worker;
      if (current != null && current.call != null && clock.nanos() - current.since >= PATIENCE) {
        abandoned = current.call;
        current.abandoned = true;
        current.interrupt();
        worker = null;
        stuck++;
      }
      wakeWorker();
      out = abandoned != null || !queue.isEmpty() || (current != null && current.call != null);
    } finally {
      lock.unlock();
    }
    if (abandoned != null) {
      journal.warn(line(LogCode.CONNECTION_STUCK, abandoned), null);
      call(failures.failed(abandoned));
    }
    return out;
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      queue.clear();
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  private static Json line(LogCode code, Call call) {
    return code.line().put("connection", call.tracked().id).put("call", call.kind().name());
  }

  /** The thread {@code drain-calls}, which ends when there has been nothing to do for a while. */
  private final class Worker extends Thread {
    @Nullable Call call;
    long since;
    boolean abandoned;

    Worker() {
      super("drain-calls");
      setDaemon(true);
    }

    @Override
    public void run() {
      Call next = take();
      while (next != null) {
        run(next);
        next = take();
      }
    }

    private void run(Call next) {
      long begun = clock.nanos();
      boolean failed = false;
      try {
        next.action().run();
      } catch (
          Throwable
              e) { // a connection is foreign code: it may throw anything, and the drain continues
        failed = true;
        journal.warn(line(LogCode.CONNECTION_FAILED, next), e);
      }
      long took = clock.nanos() - begun;
      if (took >= SLOW) {
        journal.warn(line(LogCode.CONNECTION_SLOW, next).put("tookMs", took / 1_000_000), null);
      }
      if (failed && !leftBehind()) {
        call(failures.failed(next));
      }
    }

    /** Whether the call has already been counted, as one that got stuck. */
    private boolean leftBehind() {
      lock.lock();
      try {
        return abandoned;
      } finally {
        lock.unlock();
      }
    }

    private @Nullable Call take() {
      lock.lock();
      try {
        call = null;
        if (abandoned) {
          stuck--; // it came back after all
          return null;
        }
        Thread.interrupted(); // the interrupt was for the call before, or set by it
        while (queue.isEmpty() && !closed) {
          if (!changed.await(10, TimeUnit.SECONDS) && queue.isEmpty()) {
            worker = null;
            return null;
          }
        }
        Call next = queue.poll();
        if (next == null) {
          worker = null;
          return null;
        }
        call = next;
        since = clock.nanos();
        return next;
      } catch (InterruptedException e) {
        worker = null;
        return null;
      } finally {
        lock.unlock();
      }
    }
  }
}
