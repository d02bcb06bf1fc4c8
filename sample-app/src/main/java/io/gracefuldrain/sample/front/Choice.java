package io.gracefuldrain.sample.front;

import io.gracefuldrain.sample.Target;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which servers a new connection may go to, by the rules of a Kubernetes Service. */
final class Choice {
  /**
   * A server as it stands.
   *
   * @param ready what its readiness probe said last, unless it is withdrawn
   * @param open connections open to it
   */
  record Candidate(Target target, boolean ready, int open) {}

  private Choice() {}

  /**
   * The servers to try, best first: those that are ready, or all of them when none is, since one
   * that drains still serves. The source's own server comes first, then the least loaded; equals
   * keep their order.
   *
   * @param own where this source went last, or null
   */
  static List<Target> order(List<Candidate> all, @Nullable Target own) {
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
