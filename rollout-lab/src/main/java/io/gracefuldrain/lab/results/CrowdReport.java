package io.gracefuldrain.lab.results;

import java.util.List;

/**
 * Everything that a crowd measured, as {@code probe --json} writes it.
 *
 * @param beganMs when the first client was started, in milliseconds since the epoch
 * @param endedMs when the crowd was told to stop
 * @param feedMs the interval of the feed that each client requested
 * @param upMs the interval of the numbers that each client sends
 * @param orderMs the interval of each client's orders; 0 for no orders
 * @param totals one for each kind, in the order of {@link ClientKind}
 */
public record CrowdReport(
    String url,
    long beganMs,
    long endedMs,
    int feedMs,
    int upMs,
    int orderMs,
    List<Totals> totals,
    List<ClientLedger> clients) {
  /** The sum over all its clients. */
  public Counts counts() {
    return Counts.of(clients);
  }

  /**
   * The sum of all ledgers of one kind.
   *
   * @param moves changes of connection, over all clients
   * @param landed the changes that aware clients made on a hint
   * @param failedMoves hints after which an aware client stayed where it was
   * @param gap lengths of the times without a connection
   * @param gapRatioPermille the median of the ratio of gap to drawn back-off, in thousandths; 0
   *     without gaps
   * @param failedConnects attempts that failed, first ones included
   * @param away clients without a connection at the end
   * @param without times without a connection, unfinished ones included
   * @param withoutMs how long these were together
   * @param whileMoving how long messages took clients that moved
   * @param atPeers how long the same messages took their peers, one peer for each
   * @param movingToNot the 99th percentiles of these two and their ratio, for people
   */
  public record Totals(
      ClientKind kind,
      int clients,
      int moves,
      int landed,
      int failedMoves,
      Spread gap,
      long gapRatioPermille,
      int failedConnects,
      int away,
      int without,
      long withoutMs,
      Counts counts,
      Spread feedLatency,
      Spread ackLatency,
      Spread whileMoving,
      Spread atPeers,
      String movingToNot) {}
}
