package io.gracefuldrain.lab.lean;

import io.gracefuldrain.lab.results.Move;

/** The costs of a move for its client. Used on the client's event loop only. */
final class MoveCost {
  private final long beganMs;
  private long connectMs;
  private long releasedMs;
  private long lostMs;
  private long downtimeMs;
  private int held;
  private long dropped;

  MoveCost(long beganMs) {
    this.beganMs = beganMs;
  }

  /** The next connection is there. */
  void connected(long nowMs) {
    connectMs = nowMs - beganMs;
  }

  /** The old connection has ended, and there is no next one. */
  void lost(long nowMs) {
    lostMs = nowMs;
  }

  /** The next connection has taken over. */
  void released(long nowMs) {
    releasedMs = nowMs;
    downtimeMs = lostMs == 0 ? 0 : nowMs - lostMs;
  }

  /** An emit waits. */
  void held() {
    held++;
  }

  /** Messages have come twice. */
  void dropped(long count) {
    dropped += count;
  }

  long beganMs() {
    return beganMs;
  }

  long connectMs() {
    return connectMs;
  }

  long releasedMs() {
    return releasedMs;
  }

  Move.Figures figures() {
    return new Move.Figures(connectMs, releasedMs - beganMs, held, dropped, downtimeMs);
  }
}
