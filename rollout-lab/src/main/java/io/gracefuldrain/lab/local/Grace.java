package io.gracefuldrain.lab.local;

import java.time.Duration;

/**
 * Divides a pod's grace period as the kubelet does: preStop counts inside it, and SIGTERM gets the
 * rest, at least two seconds. Pure.
 *
 * @param period {@code terminationGracePeriodSeconds}
 */
record Grace(Duration period) {
  private static final Duration FLOOR = Duration.ofSeconds(2);

  /** How long preStop may take before it is given up. */
  Duration forPreStop() {
    return period;
  }

  /** How long the process may live after SIGTERM, given how long preStop took. */
  Duration afterSigterm(Duration preStop) {
    Duration left = period.minus(preStop);
    return left.compareTo(FLOOR) < 0 ? FLOOR : left;
  }
}
