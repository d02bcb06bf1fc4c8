package io.gracefuldrain.lab.local;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Endpoints that a load balancer goes on using for a while after they have left the Service. Not
 * thread-safe.
 */
final class Leaving {
  private final long lagMs;
  private final Map<String, Long> untilMs = new HashMap<>();

  /**
   * @param lagMs how long each is used; 0 for no time
   */
  Leaving(long lagMs) {
    this.lagMs = lagMs;
  }

  /**
   * The endpoints that have left and are still used.
   *
   * @param used those in use until now, with those that this method has kept
   * @param eligible those of the Service from now on
   */
  List<Endpoint> among(List<Endpoint> used, List<Endpoint> eligible, long nowMs) {
    List<Endpoint> kept = new ArrayList<>();
    eligible.forEach(endpoint -> untilMs.remove(endpoint.pod()));
    for (Endpoint endpoint : used) {
      boolean stays = eligible.stream().anyMatch(each -> each.pod().equals(endpoint.pod()));
      if (!stays && nowMs < untilMs.computeIfAbsent(endpoint.pod(), pod -> nowMs + lagMs)) {
        kept.add(endpoint);
      }
    }
    return kept;
  }
}
