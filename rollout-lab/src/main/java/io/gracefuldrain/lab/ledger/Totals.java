package io.gracefuldrain.lab.ledger;

import io.gracefuldrain.lab.results.ClientKind;
import io.gracefuldrain.lab.results.ClientLedger;
import io.gracefuldrain.lab.results.Counts;
import io.gracefuldrain.lab.results.CrowdReport;
import io.gracefuldrain.lab.results.Gap;
import io.gracefuldrain.lab.results.MoveTotals;
import io.gracefuldrain.lab.results.Stay;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/** Sums up the accounts of one kind. */
final class Totals {
  private Totals() {}

  /** Returns the totals of one kind, picked out of all accounts. */
  static CrowdReport.Totals of(ClientKind kind, List<Account.Closing> all) {
    List<Account.Closing> closed =
        all.stream().filter(each -> each.ledger().kind() == kind).toList();
    List<ClientLedger> ledgers = closed.stream().map(Account.Closing::ledger).toList();
    MoveTotals moves = MoveTotals.of(ledgers);
    return new CrowdReport.Totals(
        kind,
        ledgers.size(),
        (int) sum(ledgers, ClientLedger::changes),
        moves.landed(),
        moves.failed(),
        Spreads.of(ended(ledgers).mapToLong(Gap::lengthMs)),
        Spreads.median(
            ended(ledgers)
                .filter(gap -> gap.backoffMs() > 0)
                .mapToLong(gap -> 1_000 * gap.lengthMs() / gap.backoffMs())),
        (int)
            sum(
                ledgers,
                each ->
                    each.firstConnectFailures()
                        + each.gaps().stream().mapToInt(Gap::failedConnects).sum()),
        (int) ledgers.stream().filter(Totals::away).count(),
        moves.without(),
        moves.withoutMs(),
        Counts.of(ledgers),
        Spreads.of(closed.stream().map(Account.Closing::feedLatency).toList()),
        Spreads.of(closed.stream().map(Account.Closing::ackLatency).toList()),
        moves.whileMoving().spread(),
        moves.atPeers().spread(),
        moves.comparison());
  }

  private static boolean away(ClientLedger ledger) {
    List<Stay> stays = ledger.stays();
    return stays.isEmpty() || stays.get(stays.size() - 1).toMs() != null;
  }

  private static Stream<Gap> ended(List<ClientLedger> ledgers) {
    return ledgers.stream().flatMap(each -> each.gaps().stream()).filter(gap -> gap.toMs() != null);
  }

  private static long sum(List<ClientLedger> ledgers, ToLongFunction<ClientLedger> figure) {
    return ledgers.stream().mapToLong(figure).sum();
  }
}
