package io.gracefuldrain.benchmarks.crowd;

import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.DrainPolicy;
import io.gracefuldrain.DrainReason;
import io.gracefuldrain.DrainReport;
import io.gracefuldrain.Outcome;
import io.gracefuldrain.netty.NettyDrain;
import io.netty.channel.ChannelPipeline;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Ours, as its user has it on plain Netty. */
final class GracefulDrain implements Ending {
  /** Beyond the window: the readiness delay, the settle grace, and force. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final DrainCoordinator coordinator;
  private final NettyDrain drain;

  GracefulDrain(Duration window) {
    coordinator = DrainCoordinator.create(policy(window));
    drain = NettyDrain.of(coordinator);
    coordinator.started();
  }

  /** The same as of the simulated pods. */
  static DrainPolicy policy(Duration window) {
    return DrainPolicy.defaults()
        .withMoveWindow(window)
        .withReadinessDelayMax(Duration.ofSeconds(2))
        .withReceipt(DrainPolicy.Receipt.LOG)
        .withTerminationLog("")
        .withBudgetCheck(DrainPolicy.BudgetCheck.WARN);
  }

  @Override
  public void addTo(ChannelPipeline pipeline) {
    pipeline.addLast(drain.handler());
  }

  @Override
  public int end(Duration window) throws InterruptedException {
    try {
      DrainReport receipt =
          coordinator
              .drain(DrainReason.MANUAL)
              .done()
              .toCompletableFuture()
              .get(window.plus(PATIENCE).toMillis(), TimeUnit.MILLISECONDS);
      return receipt.count(Outcome.FORCED);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("drain: no receipt (expected: one)", e);
    }
  }

  @Override
  public void close() {
    coordinator.close();
  }
}
