package io.gracefuldrain.lab.raw;

import java.util.List;

/**
 * How a crowd moved.
 *
 * @param moves of all clients, in the order in which they came back
 * @param attempts when clients that had been let go tried to connect, by {@link System#nanoTime}
 * @param failedConnects attempts that failed
 * @param sent messages that were sent over the connections that ended
 * @param answered how many of these were answered
 */
public record Moved(
    List<Move> moves, List<Long> attempts, int failedConnects, long sent, long answered) {
  /** When the first connection ended. */
  public long firstCut() {
    return moves.stream().mapToLong(Move::cutAt).reduce(Moved::earlier).orElse(0);
  }

  /** When the last connection ended. */
  public long lastCut() {
    return moves.stream().mapToLong(Move::cutAt).reduce(Moved::later).orElse(0);
  }

  /** When the last client was back. */
  public long lastBack() {
    return moves.stream().mapToLong(Move::backAt).reduce(Moved::later).orElse(0);
  }

  // Such moments are compared by subtraction.
  private static long earlier(long one, long other) {
    return one - other < 0 ? one : other;
  }

  private static long later(long one, long other) {
    return one - other > 0 ? one : other;
  }
}
