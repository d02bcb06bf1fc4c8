package io.gracefuldrain.sample.demo;

import io.gracefuldrain.lab.options.CannotStart;
import io.gracefuldrain.sample.front.Front;
import io.gracefuldrain.sample.front.PodAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * The places of pods, one set for every other generation, and the front before them. Thread-safe.
 */
final class Places implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(60);

  private final Front front;
  private final List<List<PodAddress>> sides;

  /**
   * @param front forwards to all of them
   */
  Places(Front front, List<List<PodAddress>> sides) {
    this.front = front;
    this.sides = sides;
  }

  /** The places of a generation's pods, counted from 1. */
  List<PodAddress> of(int generation) {
    return sides.get((generation - 1) % sides.size());
  }

  /**
   * Checks that pods can be started there.
   *
   * @throws CannotStart if a port is taken
   */
  static void requireFree(List<PodAddress> addresses) {
    for (PodAddress address : addresses) {
      for (int port : new int[] {address.port(), address.managementPort()}) {
        try (ServerSocket socket = new ServerSocket()) {
          socket.setReuseAddress(true);
          socket.bind(new InetSocketAddress(port));
        } catch (IOException e) {
          throw new CannotStart("--pods", port, e);
        }
      }
    }
  }

  /** A pod starts there: connections go to it once it is ready. */
  void admit(PodAddress address) {
    front.admit(address);
  }

  /** No new connection goes to these pods from now on, as to pods that Kubernetes deletes. */
  void withdraw(List<Pod> pods) {
    pods.forEach(pod -> front.withdraw(pod.address()));
  }

  /**
   * Waits until new connections go to all of them.
   *
   * @throws CannotStart if one ends, or is not ready in time
   */
  void awaitReady(List<Pod> pods) throws InterruptedException {
    for (Pod pod : pods) {
      await(() -> front.ready(pod.address()) || !pod.alive());
      if (!pod.alive()) {
        throw new CannotStart("pod " + pod.name() + " ended: " + pod.lastWords());
      }
      if (!front.ready(pod.address())) {
        throw new CannotStart(
            "pod " + pod.name() + " was not ready within " + START.toSeconds() + " s");
      }
    }
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + START.toNanos();
    while (!condition.getAsBoolean() && System.nanoTime() - end < 0) {
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  /** Closes the front. */
  @Override
  public void close() {
    front.close();
  }
}
