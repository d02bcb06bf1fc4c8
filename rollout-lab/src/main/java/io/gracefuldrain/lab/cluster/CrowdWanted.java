package io.gracefuldrain.lab.cluster;

import io.gracefuldrain.lab.crowd.ClientMix;
import java.time.Duration;
import java.util.List;

/**
 * The crowd that the user wants.
 *
 * @param clients the clients of each pod
 * @param feedMs milliseconds between two messages to each client
 * @param orderEvery time between two orders of each client; zero for no orders
 * @param seed the seed of the first pod; each further pod adds one
 */
record CrowdWanted(ClientMix clients, int feedMs, Duration orderEvery, long seed) {
  /** The number of clients that was measured to fit into the usual memory of a pod. */
  private static final int USUAL = 50;

  /**
   * The memory limit of each pod: 50 clients of both programs took 149 MiB, 200 Java clients 229
   * MiB.
   */
  String memory() {
    return clients.sum() > USUAL ? "384Mi" : "192Mi";
  }

  /** The arguments of {@code probe} in the pod with this number, counted from 1. */
  List<String> arguments(int number) {
    return List.of(
        "--clients",
        clients.text(),
        "--feed-ms",
        String.valueOf(feedMs),
        "--order-every",
        orderEvery.toMillis() + "ms",
        "--seed",
        String.valueOf(seed + number - 1));
  }

  /** A description for the report. */
  String who() {
    return "pods with " + clients.text() + " each";
  }
}
