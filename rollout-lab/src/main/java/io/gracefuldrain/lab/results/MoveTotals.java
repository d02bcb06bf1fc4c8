package io.gracefuldrain.lab.results;

import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The sum of the moves of some clients.
 *
 * @param landed moves that ended on another pod
 * @param failed hints after which a client stayed where it was
 * @param without times without a connection, unfinished ones included
 * @param withoutMs how long these were together
 * @param whileMoving how long messages took clients that moved
 * @param atPeers how long the same messages took their peers, one peer for each
 */
public record MoveTotals(
    int landed, int failed, int without, long withoutMs, Latencies whileMoving, Latencies atPeers) {

  /** Sums up the moves of these clients. */
  public static MoveTotals of(List<ClientLedger> whose) {
    return new MoveTotals(
        (int) moves(whose).filter(Move::landed).count(),
        (int) moves(whose).filter(Move::failed).count(),
        whose.stream().mapToInt(each -> each.without().count()).sum(),
        whose.stream().mapToLong(each -> each.without().ms()).sum(),
        sum(whose, ClientLedger::whileMoving),
        sum(whose, ClientLedger::atPeers));
  }

  private static Stream<Move> moves(List<ClientLedger> whose) {
    return whose.stream().flatMap(each -> each.moves().stream());
  }

  private static Latencies sum(
      List<ClientLedger> whose, Function<ClientLedger, Latencies> latencies) {
    return whose.stream().map(latencies).reduce(Latencies.NONE, Latencies::plus);
  }

  /** The ratio of both 99th percentiles; not a number if there is none. */
  public double ratio() {
    return whileMoving.count() == 0 || atPeers.count() == 0
        ? Double.NaN
        : (double) Math.max(1, whileMoving.spread().p99Ms())
            / Math.max(1, atPeers.spread().p99Ms());
  }

  /** Both 99th percentiles and their ratio, for people; a dash if there is none. */
  public String comparison() {
    return Double.isNaN(ratio())
        ? "–"
        : String.format(
            Locale.ROOT,
            "%s / %s = %.2f",
            whileMoving.spread().p99Ms(),
            atPeers.spread().p99Ms(),
            ratio());
  }
}
