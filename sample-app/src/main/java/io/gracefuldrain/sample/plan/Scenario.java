package io.gracefuldrain.sample.plan;

import io.gracefuldrain.DrainPolicy;
import java.time.Duration;

/**
 * A rolling update under a crowd: what is played.
 *
 * @param clients how many clients there are
 * @param pods how many pods the Deployment wants
 * @param surge its maxSurge; maxUnavailable is 0
 * @param mix what the clients know
 * @param receiver how fast a pod takes handshakes
 * @param slow how many of a hundred new pods take them at a tenth of that
 * @param startUp from a pod's creation to its readiness
 * @param minReady the Deployment's minReadySeconds
 * @param propagation how long the Service takes to follow a change of its endpoints
 * @param roundTrip between a client and a pod
 * @param policy the pods' settings
 * @param seed of all that is drawn at random
 */
record Scenario(
    int clients,
    int pods,
    int surge,
    Mix mix,
    Speed receiver,
    int slow,
    Duration startUp,
    Duration minReady,
    Duration propagation,
    Duration roundTrip,
    DrainPolicy policy,
    long seed) {

  /**
   * What the clients know; the others are stock clients that only come back.
   *
   * @param aware how many of a hundred move by the reconnect hint
   * @param recovering how many of a hundred are stock clients whose session is handed over
   */
  record Mix(int aware, int recovering) {}

  /**
   * How fast a pod takes handshakes.
   *
   * @param perSecond how many it sustains
   * @param first how long the first one takes in a process that has seen none
   * @param stall how long it takes none at all, four seconds after its first one
   */
  record Speed(double perSecond, Duration first, Duration stall) {
    /** One that never stands still. */
    Speed(double perSecond, Duration first) {
      this(perSecond, first, Duration.ZERO);
    }

    /** A pod that has a tenth of the processor. */
    Speed tenth() {
      return new Speed(perSecond / 10, first.multipliedBy(10), stall);
    }
  }

  /** The same with another surge. */
  Scenario surging(int other) {
    return new Scenario(
        clients,
        pods,
        other,
        mix,
        receiver,
        slow,
        startUp,
        minReady,
        propagation,
        roundTrip,
        policy,
        seed);
  }

  /** The same over another move window, in a grace period that just holds it. */
  Scenario over(Duration window) {
    return new Scenario(
        clients,
        pods,
        surge,
        mix,
        receiver,
        slow,
        startUp,
        minReady,
        propagation,
        roundTrip,
        fitting(policy.withMoveWindow(window)),
        seed);
  }

  /** The same with another minReadySeconds. */
  Scenario waiting(Duration other) {
    return new Scenario(
        clients,
        pods,
        surge,
        mix,
        receiver,
        slow,
        startUp,
        other,
        propagation,
        roundTrip,
        policy,
        seed);
  }

  private static DrainPolicy fitting(DrainPolicy policy) {
    Duration needed = policy.total().plus(policy.stopMargin());
    long seconds = needed.plusMillis(999).toSeconds();
    return policy.withGracePeriod(Duration.ofSeconds(seconds));
  }
}
