package io.gracefuldrain.sample.probe;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One client's moves, and how long messages took it while it moved, and its peers meanwhile. Not
 * thread-safe.
 */
final class MoveBook {
  private final Peers peers;
  private final List<Move> moves = new ArrayList<>();
  private final SortedMap<Long, Long> moving = new TreeMap<>();
  private final List<OpenMove> open = new ArrayList<>();

  MoveBook(Peers peers) {
    this.peers = peers;
  }

  boolean moving() {
    return !open.isEmpty();
  }

  void began(OpenMove move) {
    open.add(move);
  }

  /** One of both is null: it has landed, or failed. */
  void ended(OpenMove move, long nowMs, Move.@Nullable Figures figures, @Nullable String failure) {
    if (open.remove(move)) {
      moves.add(new Move(move.fromMs, nowMs, figures, failure));
    }
  }

  /** A message has come, so long after it was due. */
  void took(long n, long ms) {
    if (moving()) {
      moving.merge(ms, 1L, Long::sum);
      peers.moving(n, this);
    } else {
      peers.stayed(n, ms);
    }
  }

  /** All of them, with those that are under way. */
  List<Move> moves() {
    List<Move> all = new ArrayList<>(moves);
    open.forEach(each -> all.add(new Move(each.fromMs, null, null, null)));
    return List.copyOf(all);
  }

  Latencies whileMoving() {
    return new Latencies(moving);
  }

  Latencies meanwhile() {
    return peers.meanwhile(this);
  }
}
