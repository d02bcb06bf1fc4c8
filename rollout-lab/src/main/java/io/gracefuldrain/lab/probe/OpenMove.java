package io.gracefuldrain.lab.probe;

import org.jspecify.annotations.Nullable;

/** A move that goes on. Not thread-safe. */
final class OpenMove {
  final long fromMs;
  OpenStay next;
  // From when the next has taken over, where it took over from; null if that was gone.
  @Nullable OpenStay old;

  OpenMove(long fromMs) {
    this.fromMs = fromMs;
    this.next = new OpenStay(null, fromMs);
  }
}
