package io.gracefuldrain.benchmarks.crowd;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * The results as one table in Markdown: a row for each way and number of clients, with the median
 * of its runs and, in brackets, the least and the most.
 */
final class CrowdTable {
  private final CrowdResults results;

  CrowdTable(CrowdResults results) {
    this.results = results;
  }

  /** The whole table. */
  String text() {
    List<String> lines = new ArrayList<>();
    boolean uploads = results.everyMs() > 0;
    lines.add(
        "| Clients | Way | Moved | Cut without a FIN | Failed connects | All back after, s | Peak over"
            + " mean | Away, of the own back-off: median; 99th percentile | Bystanders' echo, 99th"
            + " percentile, of that before | Processor a move, ending pod; receiver, us |"
            + (uploads ? " Messages sent; not answered |" : ""));
    lines.add("|---|---|---|---|---|---|---|---|---|---|" + (uploads ? "---|" : ""));
    for (int clients : results.sizes()) {
      Floor floor = results.floor(clients);
      lines.add(
          "| %s | floor | | | | | %s (%s to %s) | | | |%s"
              .formatted(
                  thousands(clients),
                  number(floor.median(), 2),
                  number(floor.least(), 2),
                  number(floor.most(), 2),
                  uploads ? " |" : ""));
      for (Way way : results.ways()) {
        List<Found> runs = results.of(way, clients);
        if (!runs.isEmpty()) {
          lines.add(row(way, clients, runs));
        }
      }
    }
    return String.join("\n", lines);
  }

  private String row(Way way, int clients, List<Found> runs) {
    List<String> cells = new ArrayList<>();
    cells.add(thousands(clients));
    cells.add(way.title);
    cells.add(sum(runs, run -> run.crowd().moved()));
    cells.add(sum(runs, run -> Math.max(run.crowd().reset(), run.crowd().forced())));
    cells.add(sum(runs, run -> run.crowd().failedConnects()));
    cells.add(spread(runs, run -> run.arrivals().lastBackMs() / 1e3, 1));
    cells.add(spread(runs, run -> run.arrivals().peakOverMean(), 2));
    cells.add(
        spread(runs, run -> run.crowd().awayRatio().p50(), 3)
            + "; "
            + spread(runs, run -> run.crowd().awayRatio().p99(), 3));
    cells.add(
        spread(runs, run -> run.bystanders().p99Ratio(), 2)
            + " of "
            + number(CrowdResults.median(runs, run -> run.bystanders().before().p99()), 1)
            + " ms");
    cells.add(
        (way.letsGo() ? spread(runs, run -> run.cost().fromThreads(), 0) : "")
            + "; "
            + spread(runs, run -> run.cost().toThreads(), 0));
    if (results.everyMs() > 0) {
      cells.add(
          sum(runs, run -> run.crowd().sent()) + "; " + sum(runs, run -> run.crowd().unanswered()));
    }
    return "| " + String.join(" | ", cells) + " |";
  }

  private static String sum(List<Found> runs, ToDoubleFunction<Found> figure) {
    return thousands((long) runs.stream().mapToDouble(figure).sum());
  }

  private static String spread(List<Found> runs, ToDoubleFunction<Found> figure, int digits) {
    double[] sorted = runs.stream().mapToDouble(figure).sorted().toArray();
    String median = number(CrowdResults.median(runs, figure), digits);
    if (sorted.length < 2) {
      return median;
    }
    String least = number(sorted[0], digits);
    String most = number(sorted[sorted.length - 1], digits);
    return least.equals(most) ? median : "%s (%s to %s)".formatted(median, least, most);
  }

  private static String thousands(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  private static String number(double value, int digits) {
    return String.format(Locale.ROOT, "%." + digits + "f", value);
  }
}
