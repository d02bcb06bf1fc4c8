package io.gracefuldrain.lab.local;

import io.gracefuldrain.lab.report.Strategy;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The description of a pod to run.
 *
 * @param order counts up with each pod of a cluster
 * @param port the port for clients
 * @param managementPort the port for probes and hooks
 * @param feedMs the interval of its feed, where clients do not ask for one
 * @param grace the grace period of the pod
 * @param hold how long a preStop that sleeps takes
 * @param sidecarEndsAfter how long after the deletion its sidecar ends; null without one
 */
record PodSpec(
    String name,
    String generation,
    int order,
    int port,
    int managementPort,
    Strategy strategy,
    int feedMs,
    Duration grace,
    Duration hold,
    @Nullable Duration sidecarEndsAfter) {

  URI management(String path) {
    return URI.create("http://127.0.0.1:" + managementPort + path);
  }
}
