package io.gracefuldrain.spring;

import io.gracefuldrain.CurrentWork;
import io.gracefuldrain.Drain;
import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.DrainListener;
import io.gracefuldrain.DrainPhase;
import io.gracefuldrain.DrainReport;
import io.gracefuldrain.Outcome;
import io.gracefuldrain.WorkGate;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client's handler that closes the application, and waits for the drain on its event loop. It
 * cannot be waited for, nor its client be let go before it returns. So the drain ends when there is
 * nothing else. Thread-safe.
 */
final class OwnHandler implements DrainListener {
  private static final Logger LOG = LoggerFactory.getLogger(OwnHandler.class);

  private final DrainCoordinator coordinator;
  private final WorkGate client;
  private volatile @Nullable Drain drain;

  private OwnHandler(DrainCoordinator coordinator, WorkGate client) {
    this.coordinator = coordinator;
    this.client = client;
  }

  /** The handler that this thread runs, if it runs one. */
  static @Nullable OwnHandler ofThisThread(DrainCoordinator coordinator) {
    WorkGate client = CurrentWork.gate();
    return client == null ? null : new OwnHandler(coordinator, client);
  }

  /** Ends a drain when it waits for nothing but this. */
  void limits(Drain begun) {
    LOG.warn(
        "DRAIN-089 pod {} is closed by a handler of a client: the clients of its event loop cannot"
            + " be let go, and are cut (expected: SpringApplication.exit or close() on another"
            + " thread, which the handler starts)",
        coordinator.policy().pod());
    drain = begun;
    coordinator.addListener(this);
    look();
  }

  @Override
  public void phaseChanged(DrainPhase from, DrainPhase to, DrainReport report) {
    look();
  }

  @Override
  public void connectionEnded(String connection, Outcome outcome) {
    look();
  }

  private void look() {
    DrainPhase phase = coordinator.phase();
    if (phase != DrainPhase.MOVING && phase != DrainPhase.SETTLING) {
      return;
    }
    DrainReport report = coordinator.report();
    Drain waiting = drain;
    if (waiting != null
        && report.connections() <= 1
        && report.workInFlight() <= client.inFlight()) {
      try {
        waiting.within(Duration.ZERO);
      } catch (IllegalStateException e) {
        LOG.debug("the drain was recalled, or the coordinator was closed", e);
      }
    }
  }
}
