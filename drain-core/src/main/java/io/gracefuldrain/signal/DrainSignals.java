package io.gracefuldrain.signal;

import io.gracefuldrain.CurrentWork;
import io.gracefuldrain.DrainCoordinator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Drains the coordinator when the process is asked to end, and ends the process in time.
 * Thread-safe.
 *
 * <p>There is one coordinator for each process: a pod has one drain, one deadline and one receipt.
 * Attach every server of the process to it.
 *
 * <p>SIGTERM, SIGINT and SIGHUP are taken before JVM shutdown hooks run, so loggers and pools still
 * live. On a signal:
 *
 * <ol>
 *   <li>the coordinator drains, for as long as its policy and the grace period say;
 *   <li>its stops run, in order;
 *   <li>the former handler of the signal is called. The JVM's own runs the shutdown hooks and exits
 *       with 143 for SIGTERM, 130 for SIGINT, 129 for SIGHUP. Where there is none, the process
 *       exits with the same code. One that returns may have begun something on another thread: it
 *       has half of the time that is left, and of the stop margin at most.
 * </ol>
 *
 * <p>An exit without a signal does the same in a shutdown hook and keeps its exit code: {@link
 * System#exit}, or the end of the last thread. A coordinator that has not started has nothing to
 * drain then. Where a context closes and the JVM lives on, call {@link #shutDown()}.
 *
 * <p>A watchdog halts the process, with the signal's code, a little before {@link
 * DrainCoordinator#stopBudget()} is over, even if a stop, a shutdown hook or the exit hangs: one
 * that hangs lasts until the end of the grace period. All stops share this one budget, and the
 * shutdown hooks have the rest of it. A drain that takes its whole time leaves the stop margin: two
 * servers whose stop takes 4 s each need one above 8 s, or one stop that stops both at once. In the
 * shutdown hook there is no watchdog: stops that hang are left behind when their time is over.
 *
 * <p>While the process ends, another SIGTERM changes nothing. Another SIGINT, at least a second
 * after the first, forces: connections are closed at once, and the rest has less than a second.
 *
 * <p>If SIGTERM cannot be taken ({@code -Xrs}, a parent that has it ignored, a JVM without the
 * module {@code jdk.unsupported}), the shutdown hook drains instead, once the code that has the
 * signal calls {@link System#exit}. The log says so, and why.
 *
 * <p>Two copies of this library in one JVM, under two class loaders, drain at the same time. None
 * ends the process while the other still drains or stops.
 */
public final class DrainSignals implements AutoCloseable {
  private final Installation installation;
  private final AtomicBoolean closed = new AtomicBoolean();

  private DrainSignals(Installation installation) {
    this.installation = installation;
  }

  /**
   * Has the coordinator drained when the process is asked to end:
   *
   * <pre>{@code
   * DrainSignals.install(coordinator, server::stop);
   * }</pre>
   *
   * @param coordinator the coordinator to drain; one that is closed by then counts as drained
   * @param stops the stops to run after the drain, in order, on the thread {@code drain-exit}. One
   *     that throws is logged, and the next is run
   * @return undoes the installation when closed
   * @throws IllegalStateException if this or another coordinator is installed already and not
   *     closed, or the process is ending
   */
  public static DrainSignals install(DrainCoordinator coordinator, Runnable... stops) {
    Objects.requireNonNull(coordinator, "coordinator");
    Objects.requireNonNull(stops, "stops");
    for (int i = 0; i < stops.length; i++) {
      Objects.requireNonNull(stops[i], "stops[" + i + "]");
    }
    Installation installation =
        new Installation(
            coordinator, List.of(stops), Thread.currentThread().getContextClassLoader());
    ProcessHandler.INSTANCE.install(installation);
    return new DrainSignals(installation);
  }

  /**
   * Drains and stops as a signal does, and returns when that is done, or when the time for it is
   * over: for a context that closes while the JVM lives on. Then it closes this installation. If
   * the process is ending already, it waits for that. Called in a stop, it returns at once. Work
   * that this thread does with a lease, such as an HTTP request, is not waited for: its lease ends.
   *
   * <p>Close the coordinator after it. That ends its threads, and takes back its word that the
   * process ends: until then a drain of a context that comes after this one counts the grace period
   * from this call, and hurries.
   *
   * <pre>{@code
   * public void contextDestroyed(ServletContextEvent event) { // or @PreDestroy, SmartLifecycle.stop
   *   signals.shutDown();
   *   coordinator.close();
   * }
   * }</pre>
   */
  public void shutDown() {
    if (!closed.get()) {
      CurrentWork.endLeases();
      ProcessHandler.INSTANCE.shutDown(installation);
      close();
    }
  }

  /**
   * Takes the coordinator out; the signals go back to the handlers that had them. Changes nothing
   * once the process is ending. Idempotent.
   */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      ProcessHandler.INSTANCE.uninstall(installation);
    }
  }
}
