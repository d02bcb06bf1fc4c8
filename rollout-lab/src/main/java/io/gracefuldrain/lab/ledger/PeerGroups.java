package io.gracefuldrain.lab.ledger;

import io.gracefuldrain.lab.results.ClientKind;

/** Groups the clients of a crowd that can be compared with each other. Thread-safe. */
final class PeerGroups {
  private final Peers java;
  private final Peers lean;
  // No client among them moves. A client that upgrades polls first, also each time it comes back.
  // One that is recovered gets some messages late.
  private final Peers others;

  /**
   * @param seed the seed that draws the peers for comparisons
   */
  PeerGroups(long seed) {
    java = new Peers(seed);
    lean = new Peers(seed + 1);
    others = new Peers(seed + 2);
  }

  Peers of(ClientKind kind) {
    return switch (kind) {
      case JAVA_WEBSOCKET, JAVA_AWARE -> java;
      case LEAN_WEBSOCKET, LEAN_AWARE -> lean;
      case JAVA_POLLING,
          JAVA_UPGRADE,
          LEAN_POLLING,
          LEAN_RECOVERING,
          LEAN_RECOVERING_UPGRADE,
          LEAN_RECOVERING_POLLING ->
          others;
    };
  }

  /** All messages have come. */
  void settle() {
    java.settle();
    lean.settle();
    others.settle();
  }
}
