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
  private static final long NOT_MOVING = -1;

  private final Movers movers;
  private final List<Move> moves = new ArrayList<>();
  private final SortedMap<Long, Long> moving = new TreeMap<>();
  private final SortedMap<Long, Long> meanwhile = new TreeMap<>();
  private long fromMs = NOT_MOVING;

  /**
   * @param movers of the whole crowd
   */
  MoveBook(Movers movers) {
    this.movers = movers;
  }

  boolean moving() {
    return fromMs != NOT_MOVING;
  }

  void began(long nowMs) {
    fromMs = nowMs;
    movers.began();
  }

  /** One of both is null: it has landed, or failed. */
  void ended(long nowMs, Move.@Nullable Figures figures, @Nullable String failure) {
    if (moving()) {
      moves.add(new Move(fromMs, nowMs, figures, failure));
      fromMs = NOT_MOVING;
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

  /** All of them, with the one that is under way. */
  List<Move> moves() {
    List<Move> all = new ArrayList<>(moves);
    if (moving()) {
      all.add(new Move(fromMs, null, null, null));
    }
    return List.copyOf(all);
  }

  Latencies whileMoving() {
    return new Latencies(moving);
  }

  Latencies whileOthersMove() {
    return new Latencies(meanwhile);
  }
}
