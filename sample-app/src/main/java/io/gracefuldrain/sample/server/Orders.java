package io.gracefuldrain.sample.server;

import io.gracefuldrain.WorkLease;
import io.gracefuldrain.lab.process.DaemonThreads;
import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Work that outlives its handler: an order takes five seconds, in steps, and holds its lease until
 * it is done. The number of orders under way is bounded. Thread-safe.
 */
final class Orders implements AutoCloseable {
  static final Duration TAKES = Duration.ofSeconds(5);
  static final int STEPS = 10;
  static final int LIMIT = 1_000;

  private static final Logger LOG = LoggerFactory.getLogger(Orders.class);

  private final ScheduledThreadPoolExecutor kitchen =
      new ScheduledThreadPoolExecutor(2, DaemonThreads.named("sample-orders"));
  private final Semaphore places = new Semaphore(LIMIT);

  /**
   * Begins an order.
   *
   * @param lease closed when the order is done
   * @param progress told each step, in percent; 100 is the last
   * @throws IllegalArgumentException if too many are under way; the lease then stays open
   */
  void begin(WorkLease lease, IntConsumer progress) {
    if (!places.tryAcquire()) {
      throw new IllegalArgumentException(
          Events.ORDER + ": too many are under way (expected: at most " + LIMIT + ")");
    }
    next(lease, progress, 1);
  }

  @SuppressWarnings("FutureReturnValueIgnored") // work() logs what fails
  private void next(WorkLease lease, IntConsumer progress, int step) {
    kitchen.schedule(
        () -> work(lease, progress, step), TAKES.toMillis() / STEPS, TimeUnit.MILLISECONDS);
  }

  private void work(WorkLease lease, IntConsumer progress, int step) {
    boolean last = step == STEPS;
    try {
      progress.accept(step * 100 / STEPS);
    } catch (RuntimeException e) {
      LOG.warn("order: step {} failed", step, e);
      last = true;
    }
    if (last) {
      places.release();
      lease.close();
    } else {
      next(lease, progress, step + 1);
    }
  }

  @Override
  public void close() {
    kitchen.shutdownNow();
  }
}
