package io.gracefuldrain.lab.ledger;

import io.gracefuldrain.lab.results.ClientKind;

/** Which clients of a crowd can be compared with each other. Thread-safe. */
final class PeerGroups {
  private final Peers java;
  private final Peers lean;
  // Nobody among them moves. What upgrades polls first, and again each time it comes back.
  private final Peers pollers;

  /**
   * @param seed of who is drawn for a comparison
   */
  PeerGroups(long seed) {
    java = new Peers(seed);
    lean = new Peers(seed + 1);
    pollers = new Peers(seed + 2);
  }

  Peers of(ClientKind kind) {
    return switch (kind) {
      case JAVA_WEBSOCKET, JAVA_AWARE -> java;
      case LEAN_WEBSOCKET, LEAN_AWARE -> lean;
      case JAVA_POLLING, JAVA_UPGRADE, LEAN_POLLING -> pollers;
    };
  }

  /** All messages have come. */
  void settle() {
    java.settle();
    lean.settle();
    pollers.settle();
  }
}
