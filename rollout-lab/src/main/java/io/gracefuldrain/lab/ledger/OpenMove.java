package io.gracefuldrain.lab.ledger;

import org.jspecify.annotations.Nullable;

/** A move under way. Not thread-safe. */
final class OpenMove {
  final long fromMs;
  OpenStay next;
  // Set when the next connection takes over: the connection before it, or null if there was none.
  @Nullable OpenStay old;

  OpenMove(long fromMs) {
    this.fromMs = fromMs;
    this.next = new OpenStay(null, fromMs);
  }
}
