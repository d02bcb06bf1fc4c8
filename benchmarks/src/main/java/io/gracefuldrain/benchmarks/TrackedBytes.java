package io.gracefuldrain.benchmarks;

import io.gracefuldrain.ConnectionHandle;
import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.DrainPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** What a tracked connection needs on the heap, its name included, beside a map's entry. */
final class TrackedBytes {
  private static final int CONNECTIONS = 200_000;
  private static final double MOST = 200;

  private TrackedBytes() {}

  /** Measures it in a few rounds. */
  static void run(boolean quick, Table table) {
    List<Double> tracked = new ArrayList<>();
    for (int round = 0; round < (quick ? 2 : 7); round++) {
      tracked.add(round());
    }
    table.add(Row.alone("a tracked connection", "bytes", Spread.of(tracked)).atMost(MOST));
  }

  private static double round() {
    SplittableRandom random = new SplittableRandom(1);
    List<Peer> peers = new ArrayList<>(CONNECTIONS);
    for (int i = 0; i < CONNECTIONS; i++) {
      peers.add(Peer.fresh(random));
    }
    List<ConnectionHandle> handles = new ArrayList<>(CONNECTIONS);
    try (DrainCoordinator coordinator = DrainCoordinator.create(DrainPolicy.defaults())) {
      coordinator.started();
      long before = Heap.used();
      peers.forEach(peer -> handles.add(coordinator.register(peer)));
      long after = Heap.used();
      if (handles.size() != peers.size()) {
        throw new IllegalStateException("handles: " + handles.size() + " (expected: one a peer)");
      }
      return (double) (after - before) / CONNECTIONS;
    }
  }
}
