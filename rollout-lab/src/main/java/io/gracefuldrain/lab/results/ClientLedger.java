package io.gracefuldrain.lab.results;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.util.List;

/**
 * Everything that one client felt.
 *
 * @param client its number in the crowd
 * @param source the client's own address, or empty if the system chose it
 * @param moves the moves that an aware client made or tried
 * @param firstConnectFailures attempts that failed before it was connected for the first time
 * @param feedLatency from when a message was due to its arrival
 * @param ackLatency from when a number was due to be sent to its acknowledgement, over any
 *     connection
 * @param whileMoving how long messages took that came, or were due, in a move, and that came to a
 *     peer too
 * @param atPeers how long the same messages took its peers, one for each message. A peer is a
 *     client of the same program and process, over WebSocket from the start, that did not move at
 *     that time
 * @param recovery what came of connection state recovery
 * @param answers how long it waited for the answer to each CONNECT, in this order; empty for a
 *     client that does not say so
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
    Latencies atPeers,
    Recovered recovery,
    List<Answer> answers) {

  /** A report from before there was recovery has none, nor has it answers. */
  @JsonCreator
  public ClientLedger {
    recovery = recovery == null ? Recovered.NONE : recovery;
    answers = answers == null ? List.of() : List.copyOf(answers);
  }

  /** The ledger of a client without recovery, which does not tell its answers. */
  public ClientLedger(
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
    this(
        client,
        kind,
        source,
        stays,
        gaps,
        moves,
        firstConnectFailures,
        counts,
        feedLatency,
        ackLatency,
        whileMoving,
        atPeers,
        Recovered.NONE,
        List.of());
  }

  /** Returns the same ledger with another number and address. */
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
        atPeers,
        recovery,
        answers);
  }

  /** How often the client changed its connection. */
  public int changes() {
    return (int) Math.max(0, stays.stream().filter(Stay::taken).count() - 1);
  }

  /**
   * The times without a connection.
   *
   * @param count unfinished ones included
   * @param ms how long the finished ones were together
   */
  public record Without(int count, long ms) {}

  /** Its gaps, and the downtime that moves report where the client noticed no gap. */
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
