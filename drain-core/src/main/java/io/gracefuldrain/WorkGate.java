package io.gracefuldrain;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Admission of work in flight, which a drain waits for: of the pod ({@link DrainCoordinator#work},
 * for HTTP requests and background jobs), or of one connection ({@link ConnectionHandle}).
 *
 * <p>The pod's gate is open until the end of {@link DrainPhase#MOVING}, then sealed; a recall opens
 * it again. As long as work begins on it, {@code MOVING} lasts to the end of its window: whoever
 * still comes is served, and can be told to go elsewhere. It ends earlier when no connection is
 * left and no work has begun for two seconds. A connection's gate is open until the connection is
 * let go.
 *
 * <pre>{@code
 * coordinator.work().run("nightly report", () -> write(report));
 *
 * Executor orders = handle.wrap("order", executor); // each task is work in flight until it is done
 * orders.execute(() -> fulfil(order));
 * }</pre>
 *
 * <p>A drain waits for a lease until it is closed, or until its time is over. A lease that nobody
 * closes costs each drain its whole time: {@link DrainReport#oldestWork} names it, and a limit
 * bounds it.
 *
 * <p>Thread-safe. No method blocks, except that {@link #run} and {@link #call} run their task.
 */
public interface WorkGate {
  /**
   * Takes a lease.
   *
   * @return the lease, or null if the gate is sealed
   */
  @Nullable WorkLease tryBegin(String work);

  /**
   * Takes a lease that a drain may expire.
   *
   * @param limit how long a drain respects it, counted from this call; more than zero
   * @return the lease, or null if the gate is sealed
   */
  @Nullable WorkLease tryBegin(String work, Duration limit);

  /**
   * As {@link #tryBegin(String)}, for work that nobody has asked for, such as a timer's: that it
   * begins does not mean that somebody still comes, so it does not prolong {@code MOVING}.
   *
   * @return the lease, or null if the gate is sealed
   */
  default @Nullable WorkLease tryBeginOwn(String work) {
    return tryBegin(work);
  }

  /**
   * As {@link #tryBegin(String)}, for work that must begin.
   *
   * @throws SealedException if the gate is sealed
   */
  WorkLease begin(String work);

  /**
   * As {@link #tryBegin(String, Duration)}, for work that must begin.
   *
   * @throws SealedException if the gate is sealed
   */
  WorkLease begin(String work, Duration limit);

  /** How many leases are open, dispatches included; exact if none begins or ends meanwhile. */
  int inFlight();

  /** Whether no more work can begin. */
  boolean sealed();

  /**
   * Runs a task as work in flight.
   *
   * @throws SealedException if the gate is sealed: the task has not run
   */
  default void run(String work, Runnable task) {
    Objects.requireNonNull(task, "task");
    WorkLease lease = begin(work);
    try (lease) {
      run(lease, task);
    }
  }

  /**
   * Calls a task as work in flight.
   *
   * @return what the task returns
   * @throws SealedException if the gate is sealed: the task has not run
   * @throws Exception what the task throws
   */
  default <T extends @Nullable Object> T call(String work, Callable<T> task) throws Exception {
    Objects.requireNonNull(task, "task");
    WorkLease lease = begin(work);
    CurrentWork.Scope scope = CurrentWork.holding(lease);
    try (lease;
        scope) {
      return task.call();
    }
  }

  /**
   * An executor whose tasks are work in flight from the moment they are handed over until they are
   * done. Each has a lease of its own. If the executor rejects a task, its lease ends; if it drops
   * one later and says nothing, the lease stays open.
   *
   * <p>Its {@code execute} throws {@link SealedException} if the gate is sealed, and else what the
   * executor throws.
   */
  default Executor wrap(String work, Executor executor) {
    Objects.requireNonNull(work, "work");
    Objects.requireNonNull(executor, "executor");
    return task -> {
      Objects.requireNonNull(task, "task");
      WorkLease lease = begin(work);
      try {
        executor.execute(
            () -> {
              try (lease) {
                run(lease, task);
              }
            });
      } catch (Throwable e) { // rejected: nobody else closes it
        lease.close();
        throw e;
      }
    };
  }

  private static void run(WorkLease lease, Runnable task) {
    CurrentWork.Scope scope = CurrentWork.holding(lease);
    try (scope) {
      task.run();
    }
  }
}
