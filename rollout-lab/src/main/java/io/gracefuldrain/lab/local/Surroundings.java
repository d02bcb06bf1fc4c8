package io.gracefuldrain.lab.local;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What stands between clients and pods beside the Service.
 *
 * @param sticky whether a proxy routes by a cookie, for as long as the cookie's pod accepts
 * @param balancerLag for how long new connections still go to a pod that has left the Service
 * @param sidecarEndsAfter how long after its pod's deletion the sidecar ends that carries all of
 *     the pod's connections; null without sidecars
 */
record Surroundings(boolean sticky, Duration balancerLag, @Nullable Duration sidecarEndsAfter) {
  /** The Service alone. */
  static final Surroundings NONE = new Surroundings(false, Duration.ZERO, null);

  /**
   * Whether connections are spread without regard to the client, as a balancer of TCP does. Then
   * nobody can poll.
   */
  boolean spreads() {
    return !sticky && !balancerLag.isZero();
  }

  /** The facts of a report. */
  Map<String, String> facts() {
    Map<String, String> facts = new LinkedHashMap<>();
    if (sticky) {
      facts.put("sticky cookie", "leads to its pod for as long as that accepts connections");
    }
    if (!balancerLag.isZero()) {
      facts.put(
          "balancer lag",
          "new connections still go to a pod for "
              + text(balancerLag)
              + " after it has left the Service; none is held to a pod");
    }
    if (sidecarEndsAfter != null) {
      facts.put(
          "sidecar",
          "carries each pod's connections, and ends "
              + text(sidecarEndsAfter)
              + " after the pod's deletion");
    }
    return facts;
  }

  private static String text(Duration duration) {
    return duration.toMillis() % 1_000 == 0
        ? duration.toSeconds() + " s"
        : duration.toMillis() + " ms";
  }
}
