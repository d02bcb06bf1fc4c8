package io.gracefuldrain.lab.results;

import java.util.List;

/**
 * What one client felt.
 *
 * @param client its number in the crowd
 * @param source the address it came from, or empty if it was left to the system
 * @param moves what an aware client made of being hinted
 * @param firstConnectFailures attempts that failed before it was connected for the first time
 * @param feedLatency from when a message was due to when it was here
 * @param ackLatency from when a number was due to be sent to its acknowledgement, across
 *     connections
 * @param whileMoving how long messages took it that came, or were due, in a move; those that came
 *     to a peer too
 * @param atPeers how long the same messages took its peers: for each, one that did not move then,
 *     of the same program, over WebSocket from the start, and of the same process
 */
public record ClientLedger(
    int client,
    ClientKind kind,
    String source,
    List<Stay> stays,
    List<Gap> gaps,
    List<Move> moves,
    int firstConnectFailures,
    Counts counts,
    Spread feedLatency,
    Spread ackLatency,
    Latencies whileMoving,
    Latencies atPeers) {

  /** The same under another number and from another address. */
  public ClientLedger as(int number, String from) {
    return new ClientLedger(
        number,
        kind,
        from,
        stays,
        gaps,
        moves,
        firstConnectFailures,
        counts,
        feedLatency,
        ackLatency,
        whileMoving,
        atPeers);
  }

  /** How often it changed its connection, in whatever way. */
  public int changes() {
    return (int) Math.max(0, stays.stream().filter(Stay::taken).count() - 1);
  }

  /**
   * Times without a connection.
   *
   * @param count those that go on too
   * @param ms how long they were; without the one that goes on
   */
  public record Without(int count, long ms) {}

  /** Its gaps, and what moves say of themselves where it was told of none. */
  public Without without() {
    int count = gaps.size();
    long ms = gaps.stream().mapToLong(Gap::lengthMs).sum();
    for (Move move : moves) {
      Move.Figures figures = move.figures();
      if (figures != null && figures.downtimeMs() > 0 && gaps.stream().noneMatch(move::meets)) {
        count++;
        ms += figures.downtimeMs();
      }
    }
    return new Without(count, ms);
  }
}
