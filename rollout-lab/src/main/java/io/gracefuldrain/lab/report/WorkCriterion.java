package io.gracefuldrain.lab.report;

import io.gracefuldrain.lab.report.Reconciliation.Match;
import io.gracefuldrain.lab.report.Reconciliation.StrayStay;
import io.gracefuldrain.lab.report.Verdict.Result;
import io.gracefuldrain.lab.results.Counts;
import io.gracefuldrain.lab.results.CrowdReport;
import io.gracefuldrain.lab.results.Stay;
import java.util.ArrayList;
import java.util.List;

/**
 * Judges whether work in flight was finished: an order takes seconds, and its connection must not
 * end once the pod has begun it. Pollers that the Service sent elsewhere are counted separately, as
 * for messages. So are orders that came too late to be begun.
 */
final class WorkCriterion {
  private WorkCriterion() {}

  static Verdict judge(CrowdReport crowd, Reconciliation both) {
    if (crowd.orderMs() == 0) {
      return new Verdict(Criteria.WORK, Result.NOT_APPLICABLE, "the crowd places no orders");
    }
    Counts counts = crowd.counts();
    long placed = counts.ordersPlaced();
    long done = counts.ordersDone();
    List<String> wrong = new ArrayList<>();
    if (both.ordersCut() > 0) {
      wrong.add(
          "%s of %s orders were cut, %s of them over WebSocket"
                  .formatted(both.ordersCut(), placed, cutOverWebSocket(both))
              + apart(both));
    }
    if (done == 0) {
      wrong.add("no order was done");
    }
    long open = placed - done - counts.ordersCut();
    return Criteria.verdict(
        Criteria.WORK,
        wrong,
        "%s orders placed, %s done, %s open at the end".formatted(placed, done, open)
            + apart(both));
  }

  private static String apart(Reconciliation both) {
    List<Match> routed =
        both.matches().stream()
            .filter(match -> match.routedAway() && match.stay().ordersCut() > 0)
            .toList();
    String elsewhere =
        routed.isEmpty()
            ? ""
            : "; %s pollers were sent elsewhere by the Service, away from %s orders"
                .formatted(
                    routed.size(),
                    routed.stream().mapToLong(each -> each.stay().ordersCut()).sum());
    long late =
        both.matches().stream()
            .filter(match -> !match.routedAway())
            .mapToLong(Match::ordersLate)
            .sum();
    return elsewhere
        + unledgered(both.pollersCut())
        + (late == 0 ? "" : "; %s came too late to be begun".formatted(late));
  }

  private static String unledgered(List<StrayStay> pollers) {
    return pollers.isEmpty()
        ? ""
        : "; %s pollers lost an order, %s of them after the Service led elsewhere (not judged: no ledger)"
            .formatted(pollers.size(), pollers.stream().filter(StrayStay::withdrawn).count());
  }

  private static long cutOverWebSocket(Reconciliation both) {
    return both.matches().stream()
            .filter(match -> !match.polled())
            .mapToLong(Match::ordersCut)
            .sum()
        + both.strayStays().stream()
            .filter(stray -> !stray.polled())
            .map(StrayStay::stay)
            .mapToLong(Stay::ordersCut)
            .sum();
  }
}
