package io.gracefuldrain.signal;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The end of the process, begun by a signal: drain, stop, and exit as the signal would have done.
 * The signal that began it decides which handler is called, and the exit code.
 */
final class Termination implements Runnable {
  private static final SignalLog LOG = SignalLog.of(Termination.class);

  private final ExitSignal signal;
  private final OsSignal taken;
  private final List<Installation> installed;
  private final PendingDrains drains;
  private final Stops stops;

  Termination(ExitSignal signal, OsSignal taken, List<Installation> installed) {
    this.signal = signal;
    this.taken = taken;
    this.installed = installed;
    this.drains = new PendingDrains(installed);
    this.stops = new Stops(installed, drains::left);
  }

  void start() {
    drains.ask(signal.reason()); // here, so that no signal that joins is before it
    // Not a daemon: when main ends meanwhile, the JVM must wait for the drain.
    Thread thread = Threads.keeper("drain-signal", this);
    try {
      new Watchdog(drains, signal, thread, stops).start();
      thread.start();
    } catch (OutOfMemoryError e) {
      LOG.error(
          "DRAIN-055 {}: no thread can be started; stopping on the one that is here", signal, e);
      run();
    }
  }

  /** Another signal asks for the same. */
  void join(ExitSignal other) {
    drains.ask(other.reason());
    LOG.info("DRAIN-053 {} joins what {} has begun", other, signal);
  }

  /** Another signal forces the drain. */
  void force(ExitSignal other) {
    drains.force(other.reason());
    LOG.warn("DRAIN-054 Another {}: the drain is forced", other);
  }

  @Override
  public void run() {
    LOG.info(
        "DRAIN-052 {}: draining {}", signal, installed.stream().map(Installation::pod).toList());
    drains.await();
    stops.run();
    leave();
  }

  private void leave() {
    LOG.info("DRAIN-057 {}: drained and stopped; calling the handler before ours", signal);
    @Nullable String why = taken.passOn();
    LOG.info(
        "DRAIN-058 {}: exiting with {}; of the handler before ours: {}",
        signal,
        signal.exitCode(),
        why == null ? "it has returned" : why);
    System.exit(signal.exitCode());
  }
}
