package io.gracefuldrain.lab.report;

import io.gracefuldrain.lab.results.ClientLedger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The comparison as text, for a terminal. */
public final class ResultTable {
  /** The heads of the columns; the page has the same. */
  static final List<String> HEADS =
      heads(
          List.of(
              "strategy",
              "clients",
              "moves, most",
              "websocket away p50 / max",
              "polling away p50 / max",
              "of own back-off",
              "failed connects",
              "messages missed",
              "lost on the way",
              "uploads resent",
              "orders cut"),
          List.of("exit codes", "criteria broken"));

  private ResultTable() {}

  private static List<String> heads(List<String> before, List<String> after) {
    return Stream.of(before, AwareCriteria.HEADS, RecoveryCriteria.HEADS, after)
        .flatMap(List::stream)
        .toList();
  }

  /** A row for each strategy, then the verdict on each criterion. */
  public static String text(Experiment experiment) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(HEADS);
    experiment.runs().forEach(run -> rows.add(row(run)));
    StringBuilder text = new StringBuilder();
    for (List<String> row : wrapped(rows)) {
      text.append(line(row, widths(wrapped(rows)))).append('\n');
    }
    for (Run run : experiment.runs()) {
      text.append('\n').append(run.strategy()).append('\n');
      for (Verdict verdict : run.verdicts()) {
        text.append(
            String.format(
                Locale.ROOT,
                "  %-4s  %s: %s%n",
                sign(verdict),
                verdict.criterion(),
                verdict.figures()));
      }
      answers(run, text);
    }
    return text.toString();
  }

  private static void answers(Run run, StringBuilder text) {
    List<List<String>> rows = new ArrayList<>(Answers.rows(run.crowd().clients()));
    if (rows.isEmpty()) {
      return;
    }
    rows.add(0, Answers.HEADS);
    rows.forEach(row -> text.append("  ").append(line(row, widths(rows))).append('\n'));
  }

  /** The cells of a run, in the order of the heads. */
  static List<String> row(Run run) {
    Figures all = Figures.of(run.crowd().clients());
    Reconciliation both = Reconciliation.of(run);
    Figures webSockets = Figures.of(clients(run, true));
    Figures pollers = Figures.of(clients(run, false));
    List<String> before =
        List.of(
            run.strategy(),
            String.valueOf(all.clients()),
            String.format(
                Locale.ROOT,
                "%.1f, %s",
                all.clients() == 0 ? 0 : (double) all.moves() / all.clients(),
                all.mostMoves()),
            away(webSockets),
            away(pollers),
            Double.isNaN(webSockets.ratio())
                ? "–"
                : String.format(Locale.ROOT, "%.2f", webSockets.ratio()),
            String.valueOf(all.failedConnects()),
            String.valueOf(all.missing()),
            run.clientsOnly() ? "–" : String.valueOf(both.lost()),
            String.valueOf(all.resent()),
            orders(run, both));
    List<String> after =
        List.of(
            exits(run),
            run.verdicts().stream().filter(Verdict::failed).count()
                + " of "
                + run.verdicts().stream()
                    .filter(verdict -> verdict.result() != Verdict.Result.NOT_APPLICABLE)
                    .count());
    return Stream.of(before, AwareCriteria.cells(run), RecoveryCriteria.cells(run, both), after)
        .flatMap(List::stream)
        .toList();
  }

  static List<ClientLedger> clients(Run run, boolean overWebSocket) {
    return run.crowd().clients().stream()
        .filter(client -> client.kind().overWebSocket() == overWebSocket)
        .toList();
  }

  private static String away(Figures figures) {
    return figures.clients() == 0
        ? "–"
        : seconds(figures.gapP50Ms()) + " / " + seconds(figures.gapMaxMs()) + " s";
  }

  static String seconds(long millis) {
    return String.format(Locale.ROOT, "%.1f", millis / 1e3);
  }

  private static String orders(Run run, Reconciliation both) {
    return run.crowd().orderMs() == 0 ? "–" : String.valueOf(both.ordersCut());
  }

  private static String exits(Run run) {
    return run.replaced().stream()
        .map(pod -> Objects.toString(pod.exitCode(), "?"))
        .distinct()
        .collect(Collectors.joining(", "));
  }

  static String sign(Verdict verdict) {
    return switch (verdict.result()) {
      case PASS -> "ok";
      case FAIL -> "FAIL";
      case NOT_APPLICABLE -> "n/a";
    };
  }

  // ---------------------------------------------------------------- layout

  /** Breaks the heads into several lines. */
  private static List<List<String>> wrapped(List<List<String>> rows) {
    List<String[]> words = rows.get(0).stream().map(head -> head.split(" (?=[a-z])", 3)).toList();
    int height = words.stream().mapToInt(each -> each.length).max().orElse(0);
    List<List<String>> all = new ArrayList<>();
    for (int i = 0; i < height; i++) {
      int line = i;
      all.add(words.stream().map(each -> line < each.length ? each[line] : "").toList());
    }
    all.addAll(rows.subList(1, rows.size()));
    return all;
  }

  private static int[] widths(List<List<String>> rows) {
    int[] widths = new int[rows.get(0).size()];
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    return widths;
  }

  private static String line(List<String> row, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      line.append(i == 0 ? "" : "  ");
      String cell = row.get(i);
      String pad = " ".repeat(widths[i] - cell.length());
      line.append(i == 0 ? cell + pad : pad + cell);
    }
    return line.toString().stripTrailing();
  }
}
