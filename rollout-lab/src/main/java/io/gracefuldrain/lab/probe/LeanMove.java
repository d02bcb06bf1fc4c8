package io.gracefuldrain.lab.probe;

import org.jspecify.annotations.Nullable;

/** How a lean client's move goes. Of its event loop. */
final class LeanMove {
  final Hint hint;
  final long beganMs;
  final OpenMove account;
  final Connection hintedOver;
  // Null once it has ended.
  @Nullable Connection old;
  int attempts;
  long connectMs;
  long releasedMs;
  long lostMs;
  long downtimeMs;
  int held;
  long dropped;
  // Of landed, asked for and not yet there: nobody waits for them.
  int landedOpen;

  LeanMove(Hint hint, Connection old, OpenMove account, long nowMs) {
    this.hint = hint;
    this.old = old;
    this.hintedOver = old;
    this.account = account;
    this.beganMs = nowMs;
  }

  long leftMs(long nowMs) {
    return beganMs + hint.graceMs() - nowMs;
  }

  /** Whether the application waits for an answer over the old connection. */
  boolean owed() {
    return old != null && old.owed() > landedOpen;
  }

  /** Lets go of the old connection, if it is there. */
  void leaveOld() {
    Connection left = old;
    old = null;
    if (left != null) {
      left.leave();
    }
  }

  Move.Figures figures() {
    return new Move.Figures(connectMs, releasedMs - beganMs, held, dropped, downtimeMs);
  }
}
