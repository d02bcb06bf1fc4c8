package io.gracefuldrain.sample.plan;

import io.gracefuldrain.VirtualTime;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** What clients and pods of one rollout share. */
final class World {
  final VirtualTime time = new VirtualTime();
  final RandomGenerator random;
  final Service service;
  final Seen seen = new Seen();
  private final long halfWay;
  private final boolean handsOver;

  World(Scenario scenario) {
    random = new SplittableRandom(scenario.seed());
    service = new Service(time, random, scenario.propagation().toNanos());
    halfWay = scenario.roundTrip().toNanos() / 2;
    handsOver = scenario.mix().recovering() > 0;
  }

  /** From a client to a pod or back, in nanoseconds. */
  long halfWay() {
    return halfWay;
  }

  /** Whether pods keep the sessions of stock clients: they cannot know which of them recover. */
  boolean handsOver() {
    return handsOver;
  }

  /** A client's connection to a pod, which the pod's coordinator tracks from now on. */
  Connection connect(Client client, Pod pod) {
    String id = pod.nextId();
    return pod.coordinator.register(handle -> new Connection(client, pod, handle, id));
  }
}
