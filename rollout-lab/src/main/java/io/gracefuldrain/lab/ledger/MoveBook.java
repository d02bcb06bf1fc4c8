package io.gracefuldrain.lab.ledger;

import io.gracefuldrain.lab.results.Latencies;
import io.gracefuldrain.lab.results.Move;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The moves of one client, and the messages that may have come late because of them. Not
 * thread-safe.
 */
final class MoveBook {
  private final Peers peers;
  private final List<Move> moves = new ArrayList<>();
  private final List<OpenMove> open = new ArrayList<>();
  private long lastEndMs = Long.MIN_VALUE;

  MoveBook(Peers peers) {
    this.peers = peers;
  }

  boolean moving() {
    return !open.isEmpty();
  }

  void began(OpenMove move) {
    open.add(move);
  }

  /** A move has landed or failed: either the failure or the figures are null. */
  void ended(OpenMove move, long nowMs, Move.@Nullable Figures figures, @Nullable String failure) {
    if (open.remove(move)) {
      moves.add(new Move(move.fromMs, nowMs, figures, failure));
      lastEndMs = nowMs;
    }
  }

  /**
   * A message has come. If it was due in a move, the move may be the reason why it comes only now.
   */
  void took(long n, long dueMs, long nowMs) {
    long ms = Math.max(0, nowMs - dueMs);
    if (moving() || dueMs < lastEndMs) {
      peers.moving(n, ms, this);
    } else {
      peers.stayed(n, ms);
    }
  }

  /** All of them, those under way included. */
  List<Move> moves() {
    List<Move> all = new ArrayList<>(moves);
    open.forEach(each -> all.add(new Move(each.fromMs, null, null, null)));
    return List.copyOf(all);
  }

  Latencies whileMoving() {
    return peers.whileMoving(this);
  }

  Latencies atPeers() {
    return peers.atPeers(this);
  }
}
