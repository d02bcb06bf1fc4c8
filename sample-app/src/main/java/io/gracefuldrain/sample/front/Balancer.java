package io.gracefuldrain.sample.front;

import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Chooses the servers for a new connection, by the rules of a Kubernetes Service. */
final class Balancer {
  /**
   * A server at this moment.
   *
   * @param ready the last answer of its readiness probe, or false for one that is withdrawn
   * @param open how many connections to it are open
   */
  record Candidate(PodAddress address, boolean ready, int open) {}

  private Balancer() {}

  /**
   * The servers to try, best first: those that are ready, or all when none is, since a server that
   * drains still serves. The source's own server comes first, then the least loaded one. Equals
   * keep their order.
   *
   * @param own the last server of this source, or null
   */
  static List<PodAddress> order(List<Candidate> all, @Nullable PodAddress own) {
    boolean someReady = all.stream().anyMatch(Candidate::ready);
    return all.stream()
        .filter(candidate -> candidate.ready() || !someReady)
        .sorted(
            Comparator.comparing((Candidate candidate) -> !candidate.address().equals(own))
                .thenComparingInt(Candidate::open))
        .map(Candidate::address)
        .toList();
  }
}
