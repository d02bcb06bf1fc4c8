package io.gracefuldrain.sample.probe;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One client's moves, and how long messages took it while it moved, and while others did. Not
 * thread-safe.
 */
final class MoveBook {
  private final Movers movers;
  private final List<Move> moves = new ArrayList<>();
  private final SortedMap<Long, Long> moving = new TreeMap<>();
  private final SortedMap<Long, Long> meanwhile = new TreeMap<>();
  private final List<OpenMove> open = new ArrayList<>();

  /**
   * @param movers of the whole crowd
   */
  MoveBook(Movers movers) {
    this.movers = movers;
  }

  boolean moving() {
    return !open.isEmpty();
  }

  void began(OpenMove move) {
    open.add(move);
    movers.began();
  }

  /** One of both is null: it has landed, or failed. */
  void ended(OpenMove move, long nowMs, Move.@Nullable Figures figures, @Nullable String failure) {
    if (open.remove(move)) {
      moves.add(new Move(move.fromMs, nowMs, figures, failure));
      movers.ended();
    }
  }

  /** A message has come, so long after it was due. */
  void took(long ms) {
    if (moving()) {
      moving.merge(ms, 1L, Long::sum);
    } else if (movers.any()) {
      meanwhile.merge(ms, 1L, Long::sum);
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

  Latencies whileOthersMove() {
    return new Latencies(meanwhile);
  }
}
