package io.gracefuldrain.lab.results;

import java.util.List;

/**
 * What a crowd measured: what {@code probe --json} writes.
 *
 * @param beganMs when the first client was started, in milliseconds since the epoch
 * @param endedMs when the crowd was told to stop
 * @param feedMs the interval of the feed that each client asked for
 * @param upMs the interval of each client's own numbers
 * @param orderMs the interval of each client's orders; 0 if it placed none
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
  /** Of all its clients together. */
  public Counts counts() {
    return Counts.of(clients);
  }

  /**
   * The sum of a kind's ledgers.
   *
   * @param moves how many times a client changed its connection, over all clients
   * @param landed those of them that aware clients made of being hinted
   * @param failedMoves hints after which an aware client stayed where it was
   * @param gap the times without a connection
   * @param gapRatioPermille the median of gap to drawn back-off, in thousandths; 0 without gaps
   * @param failedConnects attempts that failed, first connects too
   * @param away clients without a connection at the end
   * @param without times without a connection, those that go on too
   * @param withoutMs how long these were, together
   * @param whileMoving how long messages took those that moved
   * @param atPeers how long the same messages took their peers, one for each
   * @param movingToNot the 99th percentile of those to that of these, for people
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
