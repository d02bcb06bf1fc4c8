package io.gracefuldrain.lab.local;

import io.gracefuldrain.lab.report.Strategy;
import java.net.URI;
import java.time.Duration;

/**
 * A pod to be run.
 *
 * @param order counts up with each pod of a cluster
 * @param port where clients connect
 * @param managementPort where probes and hooks go
 * @param grace its grace period
 * @param hold how long a preStop that sleeps takes
 */
record PodSpec(
    String name,
    String generation,
    int order,
    int port,
    int managementPort,
    Strategy strategy,
    Duration grace,
    Duration hold) {

  URI management(String path) {
    return URI.create("http://127.0.0.1:" + managementPort + path);
  }
}
