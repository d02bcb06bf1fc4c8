package io.gracefuldrain.sample.front;

import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which servers a new connection may go to, by the rules of a Kubernetes Service. */
final class Balancer {
  /**
   * A server as it stands.
   *
   * @param ready what its readiness probe said last, unless it is withdrawn
   * @param open connections open to it
   */
  record Candidate(PodAddress target, boolean ready, int open) {}

  private Balancer() {}

  /**
   * The servers to try, best first: those that are ready, or all of them when none is, since one
   * that drains still serves. The source's own server comes first, then the least loaded; equals
   * keep their order.
   *
   * @param own where this source went last, or null
   */
  static List<PodAddress> order(List<Candidate> all, @Nullable PodAddress own) {
    boolean someReady = all.stream().anyMatch(Candidate::ready);
    return all.stream()
        .filter(candidate -> candidate.ready() || !someReady)
        .sorted(
            Comparator.comparing((Candidate candidate) -> !candidate.target().equals(own))
                .thenComparingInt(Candidate::open))
        .map(Candidate::target)
        .toList();
  }
}
