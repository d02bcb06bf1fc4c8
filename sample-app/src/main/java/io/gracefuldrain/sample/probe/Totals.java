package io.gracefuldrain.sample.probe;

import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/** Sums ledgers up. */
final class Totals {
  private Totals() {}

  /** The totals of one kind's accounts. */
  static CrowdReport.Totals of(ClientKind kind, List<Account.Closing> closed) {
    List<ClientLedger> ledgers = closed.stream().map(Account.Closing::ledger).toList();
    return new CrowdReport.Totals(
        kind,
        ledgers.size(),
        (int) sum(ledgers, each -> Math.max(0, each.stays().size() - 1)),
        Spreads.of(ended(ledgers).mapToLong(Totals::lengthMs)),
        Spreads.median(
            ended(ledgers)
                .filter(gap -> gap.backoffMs() > 0)
                .mapToLong(gap -> 1_000 * lengthMs(gap) / gap.backoffMs())),
        (int)
            sum(
                ledgers,
                each ->
                    each.firstConnectFailures()
                        + each.gaps().stream().mapToInt(Gap::failedConnects).sum()),
        (int) ledgers.stream().filter(Totals::away).count(),
        ledgers.stream().map(ClientLedger::counts).reduce(Counts.NONE, Counts::plus),
        Spreads.of(closed.stream().map(Account.Closing::feedLatency).toList()),
        Spreads.of(closed.stream().map(Account.Closing::ackLatency).toList()));
  }

  private static boolean away(ClientLedger ledger) {
    List<Stay> stays = ledger.stays();
    return stays.isEmpty() || stays.get(stays.size() - 1).toMs() != null;
  }

  private static Stream<Gap> ended(List<ClientLedger> ledgers) {
    return ledgers.stream().flatMap(each -> each.gaps().stream()).filter(gap -> gap.toMs() != null);
  }

  private static long lengthMs(Gap gap) {
    Long to = gap.toMs();
    return to == null ? 0 : to - gap.fromMs();
  }

  private static long sum(List<ClientLedger> ledgers, ToLongFunction<ClientLedger> figure) {
    return ledgers.stream().mapToLong(figure).sum();
  }
}
