package io.gracefuldrain.lab.results;

import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What moves were to some clients.
 *
 * @param landed moves that ended elsewhere
 * @param failed hints after which a client stayed where it was
 * @param without times without a connection, those that go on too
 * @param withoutMs how long these were, together
 * @param whileMoving how long messages took those that moved
 * @param atPeers how long the same messages took their peers, one for each
 */
public record MoveTotals(
    int landed, int failed, int without, long withoutMs, Latencies whileMoving, Latencies atPeers) {

  /** Sums them up. */
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

  /** How the 99th percentile of those that moved compares; not a number if there is none. */
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
            "%d / %d = %.2f",
            whileMoving.spread().p99Ms(),
            atPeers.spread().p99Ms(),
            ratio());
  }
}
