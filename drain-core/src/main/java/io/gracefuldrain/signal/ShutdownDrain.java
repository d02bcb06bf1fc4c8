package io.gracefuldrain.signal;

import io.gracefuldrain.DrainReason;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * A JVM shutdown hook that drains, where signals cannot be taken. It holds up the exit no longer
 * than its bounds, and does not change the exit code.
 */
final class ShutdownDrain implements Runnable {
  private static final SignalLog LOG = SignalLog.of(ShutdownDrain.class);

  private final Supplier<List<Installation>> installed;

  ShutdownDrain(Supplier<List<Installation>> installed) {
    this.installed = installed;
  }

  @Override
  public void run() {
    List<Installation> all = installed.get();
    PendingDrains drains = new PendingDrains(all);
    drains.ask(DrainReason.SHUTDOWN);
    LOG.info("DRAIN-052 Shutdown hook: draining {}", all.stream().map(Installation::pod).toList());
    drains.await();
    Thread stopping = Threads.daemon("drain-stops", new Stops(all, drains::left)::run);
    stopping.start();
    try {
      TimeUnit.NANOSECONDS.timedJoin(stopping, drains.left());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the rest of the shutdown does not belong to this hook
    }
    if (stopping.isAlive()) {
      LOG.error("DRAIN-059 Shutdown hook: time is up, the stops are left behind");
    }
  }
}
