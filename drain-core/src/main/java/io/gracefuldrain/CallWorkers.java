package io.gracefuldrain;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Calls connections on threads of its own. One thread is enough while calls return at once. Another
 * is added at each step at which calls wait, up to {@link #MOST_WORKERS}. A call that blocks for
 * {@link #PATIENCE} is named in the log. Its thread is interrupted and left behind, and no longer
 * counts. So a connection that hangs costs threads, and never the turn of another connection.
 *
 * <p>The strongest kind of call is made first. At most one call waits for each connection: a
 * stronger one replaces it. Two calls to a connection overlap only if the first was left behind.
 */
final class CallWorkers implements ConnectionCaller {
  static final long PATIENCE = 1_000_000_000L;
  static final long SLOW = 100_000_000L;
  static final int MOST_WORKERS = 16;

  /** The calls to one connection: the one in progress, and the one that waits. */
  private static final class Lane {
    @Nullable Call waiting;
    @Nullable Worker inside;
  }

  private final Clockwork clock;
  private final Journal journal;
  private volatile Failures failures = (call, stuck) -> List.of();

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // Guarded by the lock. A call in a queue that no longer waits in its lane was replaced.
  private final Map<Kind, ArrayDeque<Call>> queues = new EnumMap<>(Kind.class);
  private final Map<TrackedConnection, Lane> lanes = new HashMap<>();
  private final List<Worker> workers = new ArrayList<>();
  private int resting;
  private int waiting;
  private int started;
  private boolean closed;

  CallWorkers(Clockwork clock, Journal journal) {
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
      calls.forEach(this::add);
      if (workers.isEmpty()) {
        addWorker();
      }
    } catch (OutOfMemoryError e) {
      // No thread can be had now. The next step tries again, and reports it.
    } finally {
      lock.unlock();
    }
  }

  private void add(Call call) {
    Lane lane = lanes.computeIfAbsent(call.tracked(), tracked -> new Lane());
    Call former = lane.waiting;
    if (former != null && former.kind().compareTo(call.kind()) < 0) {
      return; // a stronger one waits
    }
    waiting += former == null ? 1 : 0;
    lane.waiting = call;
    if (lane.inside == null) {
      queue(call);
    } // else it is queued once the one in progress is over
  }

  private void queue(Call call) {
    queues.computeIfAbsent(call.kind(), kind -> new ArrayDeque<>()).add(call);
    changed.signal();
  }

  /** One more thread, if calls wait and none is free. It may fail, and is then tried again. */
  private void addWorker() {
    if (waiting > 0 && resting == 0 && workers.size() < MOST_WORKERS) {
      Worker fresh = new Worker(started + 1);
      fresh.start();
      started++;
      workers.add(fresh);
    }
  }

  @Override
  public boolean check() {
    List<Call> leftBehind = new ArrayList<>();
    lock.lock();
    try {
      long now = clock.nanos();
      for (Worker worker : List.copyOf(workers)) {
        Call call = worker.call;
        if (call != null && now - worker.since >= PATIENCE) {
          workers.remove(worker);
          worker.abandoned = true;
          worker.interrupt();
          leave(call);
          leftBehind.add(call);
        }
      }
      addWorker();
    } finally {
      lock.unlock();
      leftBehind.forEach(this::stuck);
    }
    return callsOut();
  }

  private void stuck(Call call) {
    journal.warn(line(LogCode.CONNECTION_STUCK, call), null);
    call(failures.failed(call, true));
  }

  /** Calls that were left behind do not count: they may never return. */
  private boolean callsOut() {
    lock.lock();
    try {
      return waiting > 0 || workers.stream().anyMatch(worker -> worker.call != null);
    } finally {
      lock.unlock();
    }
  }

  /** A call to a connection is over, or left behind: the next one may be made. */
  private void leave(Call call) {
    Lane lane = lanes.get(call.tracked());
    if (lane == null) {
      return; // closed meanwhile
    }
    lane.inside = null;
    if (lane.waiting != null) {
      queue(lane.waiting);
    } else {
      lanes.remove(call.tracked());
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      queues.values().forEach(ArrayDeque::clear);
      lanes.clear();
      waiting = 0;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private static Json line(LogCode code, Call call) {
    return code.line().put("connection", call.tracked().id).put("call", call.kind().name());
  }

  /** A thread {@code drain-calls-*}, which ends when there has been nothing to do for a while. */
  private final class Worker extends Thread {
    // Guarded by the lock.
    @Nullable Call call;
    long since;
    boolean abandoned;

    Worker(int number) {
      super("drain-calls-" + number);
      setDaemon(true);
    }

    @Override
    public void run() {
      try {
        for (Call next = take(); next != null; next = take()) {
          make(next);
        }
      } finally {
        ended();
      }
    }

    private void make(Call next) {
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
        CallWorkers.this.call(failures.failed(next, false));
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
        if (abandoned) {
          return null; // it came back after all, and others do its work
        }
        finish();
        Thread.interrupted(); // the interrupt was for the call before, or set by it
        Call next = next();
        while (next == null && !closed) {
          resting++;
          try {
            if (!changed.await(10, TimeUnit.SECONDS) && waiting == 0) {
              return null;
            }
          } finally {
            resting--;
          }
          next = next();
        }
        call = next;
        since = clock.nanos();
        return next;
      } catch (InterruptedException e) {
        return null;
      } finally {
        lock.unlock();
      }
    }

    private void finish() {
      if (call != null) {
        leave(call);
        call = null;
      }
    }

    /** The first of the strongest kind that waits. */
    private @Nullable Call next() {
      for (ArrayDeque<Call> queue : queues.values()) {
        for (Call first = queue.poll(); first != null; first = queue.poll()) {
          Lane lane = lanes.get(first.tracked());
          if (lane != null && first.equals(lane.waiting)) {
            lane.waiting = null;
            lane.inside = this;
            waiting--;
            return first;
          }
        }
      }
      return null;
    }

    private void ended() {
      lock.lock();
      try {
        if (!abandoned) {
          finish();
          workers.remove(this);
        }
      } finally {
        lock.unlock();
      }
    }
  }
}
