package io.gracefuldrain.sample.plan;

import io.gracefuldrain.VirtualTime;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** A Service: it sends each new connection to one of its endpoints at random. */
final class Service {
  private final VirtualTime time;
  private final RandomGenerator random;
  private final long propagation;
  private final List<Pod> endpoints = new ArrayList<>();

  /**
   * @param propagation how long it takes to follow a change, in nanoseconds
   */
  Service(VirtualTime time, RandomGenerator random, long propagation) {
    this.time = time;
    this.random = random;
    this.propagation = propagation;
  }

  /** The pod is an endpoint already. */
  void has(Pod pod) {
    endpoints.add(pod);
  }

  /** The pod is ready. */
  void comes(Pod pod) {
    time.runAfter(propagation, () -> endpoints.add(pod));
  }

  /** The pod is to be deleted. */
  void goes(Pod pod) {
    time.runAfter(propagation, () -> endpoints.remove(pod));
  }

  /** Where a new connection goes. A rollout without maxUnavailable always leaves an endpoint. */
  Pod pick() {
    return endpoints.get(random.nextInt(endpoints.size()));
  }
}
