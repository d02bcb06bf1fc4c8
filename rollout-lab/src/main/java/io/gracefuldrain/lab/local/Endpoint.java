package io.gracefuldrain.lab.local;

import java.util.List;

/**
 * A pod as its EndpointSlice shows it. A pod is in the slice from the time it has an address until
 * its container has ended.
 *
 * @param pod its name
 * @param port the port where it serves
 * @param serving whether its readiness probe is good
 * @param terminating whether it has been deleted
 */
record Endpoint(String pod, int port, boolean serving, boolean terminating) {
  /** The condition {@code ready}, as the endpoint controller computes it. */
  boolean ready(boolean publishNotReadyAddresses) {
    return publishNotReadyAddresses || (serving && !terminating);
  }

  /**
   * The endpoints that new connections go to: all that are ready. If none is ready, those that are
   * terminating and still serve. Otherwise none, and connections are refused.
   */
  static List<Endpoint> eligible(List<Endpoint> slice, boolean publishNotReadyAddresses) {
    List<Endpoint> ready =
        slice.stream().filter(endpoint -> endpoint.ready(publishNotReadyAddresses)).toList();
    return ready.isEmpty()
        ? slice.stream().filter(each -> each.serving() && each.terminating()).toList()
        : ready;
  }
}
