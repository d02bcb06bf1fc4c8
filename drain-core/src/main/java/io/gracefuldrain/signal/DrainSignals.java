package io.gracefuldrain.signal;

import io.gracefuldrain.DrainCoordinator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Drains a coordinator when the process is asked to end, and ends the process in time. Thread-safe.
 *
 * <p>SIGTERM and SIGINT are taken before JVM shutdown hooks run, so loggers and pools still live.
 * One handler serves all coordinators of the process. On a signal:
 *
 * <ol>
 *   <li>it drains every coordinator, in parallel, each for as long as its policy says;
 *   <li>it runs their stops: one coordinator's in order, those of several coordinators side by
 *       side;
 *   <li>it calls the former handler of the signal. The JVM's own runs the shutdown hooks and exits
 *       with 143 for SIGTERM, 130 for SIGINT; where there is none, or it returns, the process exits
 *       with the same code.
 * </ol>
 *
 * <p>A watchdog halts the process, with that code, a little before {@link
 * DrainCoordinator#stopBudget()} is over, even if a stop, a shutdown hook or the exit hangs. All
 * stops of a coordinator share this one budget, and the shutdown hooks have the rest of it. Two
 * servers whose stop takes 4 s each need a stop margin above 8 s, or one stop that stops both at
 * once. Of several coordinators the longest budget counts.
 *
 * <p>While the process ends, another SIGTERM changes nothing. Another SIGINT, at least a second
 * after the first, forces: connections are closed at once, and the rest has less than a second.
 *
 * <p>If SIGTERM cannot be taken ({@code -Xrs}, a parent that has it ignored, a JVM without the
 * module {@code jdk.unsupported}), a JVM shutdown hook drains instead. Signals are not touched: the
 * code that has them must call {@link System#exit}. The hook waits no longer than the policy says,
 * and leaves the exit code alone. The log says which of the two it is, and why.
 */
public final class DrainSignals implements AutoCloseable {
  private final Installation installation;
  private final AtomicBoolean closed = new AtomicBoolean();

  private DrainSignals(Installation installation) {
    this.installation = installation;
  }

  /**
   * Has a coordinator drained when the process is asked to end:
   *
   * <pre>{@code
   * DrainSignals.install(coordinator, server::stop);
   * }</pre>
   *
   * @param coordinator the coordinator to drain; one that is closed by then counts as drained
   * @param stops the stops to run after the drain, in order. They run on the thread {@code
   *     drain-signal}, or on {@code drain-stop-2} for the second coordinator of the process, then
   *     {@code drain-stop-3}, and others for more. One that throws is logged, and the next is run
   * @return undoes the installation when closed
   * @throws IllegalStateException if the coordinator is installed already, or the process is ending
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
   * Takes the coordinator out; with the last one, signals go back to the handlers that had them.
   * Changes nothing once the process is ending. Idempotent.
   */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      ProcessHandler.INSTANCE.uninstall(installation);
    }
  }
}
