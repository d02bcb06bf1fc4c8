package io.gracefuldrain.lab.report;

import io.gracefuldrain.lab.results.ClientLedger;
import io.gracefuldrain.lab.results.Gap;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * The sum of what some clients felt.
 *
 * @param moves changes of connection, over all clients
 * @param mostMoves the changes of the client with most of them
 * @param gapP50Ms median time without a connection; 0 when there was none
 * @param ratio median of the ratio of that time to the client's own back-off; not a number without
 *     gaps
 * @param missing messages of the feed that never came
 * @param resent numbers that were sent again because no acknowledgement came
 */
record Figures(
    int clients,
    int moves,
    int mostMoves,
    long gapP50Ms,
    long gapMaxMs,
    double ratio,
    int failedConnects,
    long missing,
    long duplicated,
    long resent) {

  static Figures of(List<ClientLedger> clients) {
    long[] gaps = ended(clients).mapToLong(Gap::lengthMs).sorted().toArray();
    return new Figures(
        clients.size(),
        clients.stream().mapToInt(ClientLedger::changes).sum(),
        clients.stream().mapToInt(ClientLedger::changes).max().orElse(0),
        gaps.length == 0 ? 0 : gaps[gaps.length / 2],
        LongStream.of(gaps).max().orElse(0),
        ratio(clients),
        clients.stream().mapToInt(Criteria::failedConnects).sum(),
        clients.stream().mapToLong(each -> each.counts().missing()).sum(),
        clients.stream().mapToLong(each -> each.counts().duplicated()).sum(),
        clients.stream().mapToLong(each -> each.counts().unanswered()).sum());
  }

  /**
   * The median of the ratio of gap to drawn back-off, over the clients that report their back-off.
   * A gap without back-off counts as infinite.
   */
  static double ratio(List<ClientLedger> clients) {
    List<ClientLedger> telling =
        clients.stream().filter(client -> client.kind().tellsBackOff()).toList();
    double[] ratios =
        ended(telling)
            .mapToDouble(
                gap ->
                    gap.backoffMs() == 0
                        ? Double.POSITIVE_INFINITY
                        : (double) gap.lengthMs() / gap.backoffMs())
            .sorted()
            .toArray();
    return ratios.length == 0 ? Double.NaN : ratios[ratios.length / 2];
  }

  private static Stream<Gap> ended(List<ClientLedger> clients) {
    return clients.stream()
        .flatMap(client -> client.gaps().stream())
        .filter(gap -> gap.toMs() != null);
  }
}
