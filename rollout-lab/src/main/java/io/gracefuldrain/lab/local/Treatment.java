package io.gracefuldrain.lab.local;

import io.gracefuldrain.lab.report.Strategy;

/**
 * How the modelled cluster treats the pods of a strategy.
 *
 * @param holdsStart whether postStart waits until the server serves
 * @param publishesNotReady whether the Service has publishNotReadyAddresses
 */
record Treatment(PreStop preStop, boolean holdsStart, boolean publishesNotReady) {
  /** The action of the kubelet before SIGTERM. */
  enum PreStop {
    NOTHING,
    /** Waits. */
    SLEEP,
    /** Asks the pod to drain, and waits for its answer. */
    DRAIN
  }

  static Treatment of(Strategy strategy) {
    return switch (strategy) {
      case NONE -> new Treatment(PreStop.NOTHING, false, false);
      case STARTSTOP -> new Treatment(PreStop.SLEEP, true, false);
      case NOTREADY -> new Treatment(PreStop.NOTHING, false, true);
      case GRACEFUL, SPRING -> new Treatment(PreStop.DRAIN, false, false);
    };
  }
}
