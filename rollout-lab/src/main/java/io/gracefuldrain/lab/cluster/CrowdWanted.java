package io.gracefuldrain.lab.cluster;

import io.gracefuldrain.lab.crowd.ClientMix;
import java.time.Duration;
import java.util.List;

/**
 * The crowd that was asked for.
 *
 * @param clients of each pod
 * @param feedMs between two messages down to each client
 * @param orderEvery between two orders of each client; zero for none
 * @param seed of the first pod; each other's is one more
 */
record CrowdWanted(ClientMix clients, int feedMs, Duration orderEvery, long seed) {
  /** Of the clients that were measured to fit a pod's usual memory. */
  private static final int USUAL = 50;

  /** What each pod may take: 50 clients of both programs took 149 MiB, 200 Java ones 229. */
  String memory() {
    return clients.sum() > USUAL ? "384Mi" : "192Mi";
  }

  /** How {@code probe} is told, in the pod of that number, from 1 on. */
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

  /** For the report. */
  String who() {
    return "pods with " + clients.text() + " each";
  }
}
