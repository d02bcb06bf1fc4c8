package io.gracefuldrain.spring;

import io.gracefuldrain.CurrentWork;
import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.WorkGate;
import io.gracefuldrain.WorkLease;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.RunnableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Leases for the tasks of the application's executors and schedulers.
 *
 * <p>A task of an executor is work in flight from the moment it is handed over, one of a scheduler
 * while it runs. One that a client's handler hands over is the work of that client, which is let go
 * when it is done: the answer may still be to come. When the pod's gate is sealed a task runs
 * without a lease: the drain does not wait for it, but work that was admitted before may still need
 * it. What a task hands over belongs to it, and so is admitted as long as the task runs.
 * Thread-safe.
 */
final class TaskLeases {
  /** How long a thread may take to start. */
  private static final Duration START = Duration.ofSeconds(10);

  private static final ThreadLocal<WorkLease> CURRENT = new ThreadLocal<>();

  private final @Nullable Duration limit;
  private volatile @Nullable WorkGate gate;

  /**
   * No leases until there is a coordinator.
   *
   * @param limit how long a drain respects a task at most, or null
   */
  TaskLeases(@Nullable Duration limit) {
    this.limit = limit;
  }

  /**
   * The coordinator is there. Executors may be made before it; a task does not ask the bean factory
   * for it, which may be locked by whoever waits for the task.
   */
  void begins(DrainCoordinator coordinator) {
    gate = coordinator.work();
  }

  /** A task that is work in flight from now on. It must be run, or {@link #dropped}. */
  Runnable queued(String executor, Runnable task) {
    return new Leased(begin(TaskName.of(task, executor), limit), task);
  }

  /**
   * A task that is work in flight from now on, on a thread that is about to start. If it never
   * does, nobody says so: the drain waits only for a while.
   */
  Runnable starting(String executor, Runnable task) {
    String name = TaskName.of(task, executor);
    WorkLease handed = begin(name, START);
    return () -> {
      WorkLease lease = handed == null ? null : continued(handed, name);
      new Leased(lease, task).run();
    };
  }

  /** A task that is work in flight while it runs, each time. */
  Runnable repeated(String scheduler, Runnable task) {
    return () -> {
      WorkGate open = gate;
      WorkLease lease = open == null ? null : open.tryBeginOwn(TaskName.of(task, scheduler));
      new Leased(lease, task).run();
    };
  }

  /** Whether a task is in flight already: a handler of rejected tasks hands it over again. */
  static boolean has(Runnable task) {
    return task instanceof Leased;
  }

  /** A task that was handed over will never run. */
  static void dropped(Runnable task) {
    if (task instanceof Leased leased) {
      leased.end();
    }
  }

  /** The same work, without the limit of its beginning, or with that of the user. */
  private @Nullable WorkLease continued(WorkLease handed, String name) {
    try (handed) {
      return limit == null ? handed.begin(name) : begin(name, limit);
    } catch (IllegalStateException e) { // it took too long to start
      return begin(name, limit);
    }
  }

  private @Nullable WorkLease begin(String name, @Nullable Duration most) {
    WorkLease parent = CURRENT.get();
    if (parent != null) {
      try {
        return parent.begin(name);
      } catch (IllegalStateException e) { // it was expired: as if there were none
      }
    }
    WorkGate client = CurrentWork.gate();
    if (client != null) {
      WorkLease ofClient = most == null ? client.tryBegin(name) : client.tryBegin(name, most);
      if (ofClient != null) {
        return ofClient;
      }
    }
    WorkGate open = gate;
    if (open == null) {
      return null;
    }
    return most == null ? open.tryBegin(name) : open.tryBegin(name, most);
  }

  /**
   * A task and its lease, which ends once. Spring cancels what a pool that is shut down leaves in
   * its queue, if it is a future: so it is one, and ends its lease then.
   */
  private static final class Leased implements RunnableFuture<Object> {
    private final @Nullable WorkLease lease;
    private final Runnable task;
    private volatile boolean cancelled;
    private volatile boolean done;

    Leased(@Nullable WorkLease lease, Runnable task) {
      this.lease = lease;
      this.task = task;
    }

    @Override
    public void run() {
      WorkLease before = CURRENT.get();
      CurrentWork.@Nullable Scope scope = null;
      if (lease != null) {
        CURRENT.set(lease);
        scope = CurrentWork.holding(lease);
      }
      try {
        task.run();
      } finally {
        if (scope != null) {
          scope.close();
        }
        if (before == null) {
          CURRENT.remove();
        } else {
          CURRENT.set(before);
        }
        done = true;
        end();
      }
    }

    /** It will not run. What was handed over may be a future, too, and somebody waits for that. */
    @Override
    public boolean cancel(boolean mayInterrupt) {
      cancelled = !done;
      end();
      return task instanceof Future<?> inner ? inner.cancel(mayInterrupt) : cancelled;
    }

    @Override
    public boolean isCancelled() {
      return cancelled;
    }

    @Override
    public boolean isDone() {
      return done || cancelled;
    }

    @Override
    public Object get() {
      throw new UnsupportedOperationException("a decorated task, for nobody but its pool");
    }

    @Override
    public Object get(long timeout, TimeUnit unit) {
      return get();
    }

    void end() {
      if (lease != null) {
        lease.close();
      }
    }

    @Override
    public String toString() {
      return task.toString();
    }
  }
}
