package io.gracefuldrain.lab.ledger;

import java.util.ArrayList;
import java.util.List;

/**
 * The numbers that a client sends without asking for an acknowledgement: 1, 2, 3… They are due at
 * whole intervals from its first connection, without a connection too. Not thread-safe.
 */
final class Posts {
  private static final long NOT_BEGUN = Long.MAX_VALUE;

  private final int everyMs;
  private long nextMs = NOT_BEGUN;
  private long endMs = Long.MAX_VALUE;
  private long posted;

  Posts(int everyMs) {
    this.everyMs = everyMs;
  }

  /** Numbers are due from now on; only the first call counts. */
  void begin(long nowMs) {
    if (nextMs == NOT_BEGUN) {
      nextMs = nowMs;
    }
  }

  /** Nothing new is due from now on. */
  void end(long nowMs) {
    endMs = Math.min(endMs, nowMs);
  }

  /** Takes the numbers that are due. */
  List<Long> take(long nowMs) {
    List<Long> due = new ArrayList<>();
    for (; nextMs <= nowMs && nextMs < endMs; nextMs += everyMs) {
      due.add(++posted);
    }
    return due;
  }

  long posted() {
    return posted;
  }
}
