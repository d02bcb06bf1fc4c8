package io.gracefuldrain.lab.local;

import java.time.Duration;

/**
 * How a pod's grace period is shared, as the kubelet does: preStop counts inside it, and SIGTERM
 * gets what is left, but never less than two seconds. Pure.
 *
 * @param period {@code terminationGracePeriodSeconds}
 */
record Grace(Duration period) {
  private static final Duration FLOOR = Duration.ofSeconds(2);

  /** How long preStop may take before it is left behind. */
  Duration forPreStop() {
    return period;
  }

  /** How long after SIGTERM the process may live, when preStop took that long. */
  Duration afterSigterm(Duration preStop) {
    Duration left = period.minus(preStop);
    return left.compareTo(FLOOR) < 0 ? FLOOR : left;
  }
}
