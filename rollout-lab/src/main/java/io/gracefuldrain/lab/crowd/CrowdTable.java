package io.gracefuldrain.lab.crowd;

import io.gracefuldrain.lab.results.ClientKind;
import io.gracefuldrain.lab.results.CrowdReport;
import io.gracefuldrain.lab.results.Progress;
import io.gracefuldrain.lab.results.Spread;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** The totals of a report as text: a row for each figure, a column for each kind. */
final class CrowdTable {
  private static final int NAME_WIDTH = 25;
  private static final int COLUMN_WIDTH = 18;

  private CrowdTable() {}

  /** The progress of a crowd, on one line. */
  static String line(Progress progress) {
    return String.format(
        Locale.ROOT,
        "%s of %s connected, %s away, %s gaps, %s failed connects, %s received, missing %s + %s"
            + " away",
        progress.connected(),
        progress.clients(),
        progress.away(),
        progress.gaps(),
        progress.failedConnects(),
        progress.received(),
        progress.missingConnected(),
        progress.missingAway());
  }

  /** The lines of the table. */
  static List<String> of(CrowdReport report) {
    List<CrowdReport.Totals> all = report.totals();
    List<String> lines = new ArrayList<>();
    lines.add(row("", all, each -> each.kind().text()));
    lines.add(row("clients", all, each -> text(each.clients())));
    lines.add(row("moves", all, each -> text(each.moves())));
    lines.add(row("moves by hint", all, each -> text(each.landed())));
    if (all.stream().anyMatch(each -> each.kind().recovering())) {
      lines.add(row("recovered", all, each -> text(recovered(report, each.kind()))));
    }
    lines.add(row("moves failed", all, each -> text(each.failedMoves())));
    lines.add(
        row(
            "without connection, ms",
            all,
            each -> text(each.without()) + ", " + text(each.withoutMs())));
    lines.add(row("gap p50/p99/max ms", all, each -> text(each.gap())));
    lines.add(
        row(
            "gap to own back-off",
            all,
            each ->
                each.gapRatioPermille() == 0
                    ? "-"
                    : String.format(Locale.ROOT, "%.2f", each.gapRatioPermille() / 1_000.0)));
    lines.add(row("failed connects", all, each -> text(each.failedConnects())));
    lines.add(row("away at the end", all, each -> text(each.away())));
    lines.add(row("received", all, each -> text(each.counts().received())));
    lines.add(row("missing, connected", all, each -> text(each.counts().missingConnected())));
    lines.add(row("missing, away", all, each -> text(each.counts().missingAway())));
    lines.add(row("duplicated", all, each -> text(each.counts().duplicated())));
    lines.add(row("duplicates dropped", all, each -> text(each.counts().dropped())));
    lines.add(row("reordered", all, each -> text(each.counts().reordered())));
    lines.add(row("feed p50/p99/max ms", all, each -> text(each.feedLatency())));
    lines.add(row("same, in a move", all, each -> text(each.whileMoving())));
    lines.add(row("same, at peers", all, each -> text(each.atPeers())));
    lines.add(row("p99 moving to not", all, CrowdReport.Totals::movingToNot));
    lines.add(row("sent up", all, each -> text(each.counts().sent())));
    lines.add(row("acknowledged", all, each -> text(each.counts().acknowledged())));
    lines.add(row("sent again", all, each -> text(each.counts().unanswered())));
    lines.add(
        row("wrongly acknowledged", all, each -> text(each.counts().wrongAcknowledgements())));
    lines.add(row("ack p50/p99/max ms", all, each -> text(each.ackLatency())));
    lines.add(row("orders placed", all, each -> text(each.counts().ordersPlaced())));
    lines.add(row("orders done", all, each -> text(each.counts().ordersDone())));
    lines.add(row("orders cut", all, each -> text(each.counts().ordersCut())));
    return lines;
  }

  private static long recovered(CrowdReport report, ClientKind kind) {
    return report.clients().stream()
        .filter(each -> each.kind() == kind)
        .mapToLong(each -> each.recovery().sids().size())
        .sum();
  }

  private static String row(
      String name, List<CrowdReport.Totals> totals, Function<CrowdReport.Totals, String> figure) {
    StringBuilder row =
        new StringBuilder(String.format(Locale.ROOT, "%-" + NAME_WIDTH + "s", name));
    totals.forEach(
        each -> {
          int width = Math.max(COLUMN_WIDTH, each.kind().text().length() + 2);
          row.append(String.format(Locale.ROOT, "%" + width + "s", figure.apply(each)));
        });
    return row.toString().stripTrailing();
  }

  private static String text(long number) {
    return Long.toString(number);
  }

  private static String text(Spread spread) {
    return spread.count() == 0 ? "-" : spread.p50Ms() + "/" + spread.p99Ms() + "/" + spread.maxMs();
  }
}
