package io.gracefuldrain.lab.report;

import io.gracefuldrain.lab.report.Reconciliation.Match;
import io.gracefuldrain.lab.report.Verdict.Result;
import io.gracefuldrain.lab.results.ClientKind;
import io.gracefuldrain.lab.results.ClientLedger;
import io.gracefuldrain.lab.results.Counts;
import io.gracefuldrain.lab.results.MoveTotals;
import io.gracefuldrain.lab.results.Stay;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** Judges whether clients that know the hint notice nothing. */
final class AwareCriteria {
  static final String STREAM = "aware clients lose nothing, get nothing twice, keep the order";
  static final String CONNECTED = "aware clients are never without a connection";
  static final String LANDED = "aware clients land, and both their pods know";
  static final String LATENCY = "messages take aware clients no longer while they move";

  /** The criteria of a move. They are promised where a pod has the time for one. */
  static final List<String> OF_MOVES = List.of(STREAM, CONNECTED, LANDED, LATENCY);

  /** The columns of the table about aware clients. */
  static final List<String> HEADS =
      List.of(
          "aware ones moved",
          "they without connection",
          "they missed, twice, reordered",
          "their p99 moving / not");

  /** How much longer a message may take a moving client, at the 99th percentile. */
  private static final double MOST_RATIO = 1.5;

  /** The error of two clocks, a pod's and a client's, which count whole milliseconds. */
  private static final long CLOCKS_MS = 2;

  /** Fewer messages have no meaningful 99th percentile: of these, ten lie above it. */
  static final long LEAST_SAMPLES = 1_000;

  private AwareCriteria() {}

  /** The aware clients of a run. */
  static List<ClientLedger> of(Run run) {
    return run.crowd().clients().stream().filter(each -> each.kind().aware()).toList();
  }

  static MoveTotals totals(Run run) {
    return MoveTotals.of(of(run));
  }

  static List<Verdict> judge(Run run, Reconciliation both) {
    List<ClientLedger> clients = of(run);
    if (clients.isEmpty() || !run.drains()) {
      String why =
          clients.isEmpty()
              ? "the crowd has none"
              : "these pods do not say hello: aware clients are as stock ones";
      return OF_MOVES.stream()
          .map(criterion -> new Verdict(criterion, Result.NOT_APPLICABLE, why))
          .toList();
    }
    MoveTotals moves = totals(run);
    return List.of(
        stream(clients), connected(clients, moves), landed(run, both, moves), latency(run));
  }

  private static Verdict stream(List<ClientLedger> clients) {
    Counts counts = Counts.of(clients);
    String figures =
        "%s missing, %s twice, %s out of order of %s; %s duplicates dropped"
            .formatted(
                counts.missing(),
                counts.duplicated(),
                counts.reordered(),
                counts.received(),
                counts.dropped());
    boolean holds = counts.missing() + counts.duplicated() + counts.reordered() == 0;
    return Criteria.verdict(STREAM, holds ? List.of() : List.of(figures), figures);
  }

  private static Verdict connected(List<ClientLedger> clients, MoveTotals moves) {
    String figures =
        "%s times, %s ms in all, %s clients"
            .formatted(moves.without(), moves.withoutMs(), clients.size());
    return Criteria.verdict(
        CONNECTED, moves.without() == 0 ? List.of() : List.of(figures), figures);
  }

  /** Each move has two sessions that overlap, and the old pod reports the first as landed. */
  private static Verdict landed(Run run, Reconciliation both, MoveTotals moves) {
    if (run.clientsOnly()) {
      return landedByReceipts(run, both, moves);
    }
    List<String> wrong = new ArrayList<>();
    int sessions = 0;
    for (Match match : both.matches()) {
      if (!match.stay().moved()) {
        continue;
      }
      sessions++;
      String name = match.client().kind().text() + " " + match.client().client();
      if (!"LANDED".equals(match.session().outcome())) {
        wrong.add("%s: %s on %s".formatted(name, match.session().outcome(), match.session().pod()));
      }
      if (!overlapped(match.client(), match.stay())) {
        wrong.add(name + ": no connection overlaps the one that it left");
      }
    }
    if (moves.landed() == 0) {
      wrong.add("none of them moved");
    }
    return Criteria.verdict(
        LANDED,
        wrong,
        "%s moves, %s sessions LANDED; moves that failed: %s"
            .formatted(moves.landed(), sessions, moves.failed()));
  }

  /** Without a ledger: each move overlaps, and the receipts count at least as many landed ones. */
  private static Verdict landedByReceipts(Run run, Reconciliation both, MoveTotals moves) {
    long landed =
        run.receipts().stream()
            .mapToLong(receipt -> receipt.outcomes().getOrDefault("LANDED", 0L))
            .sum();
    List<String> wrong = new ArrayList<>();
    for (Reconciliation.StrayStay each : both.strayStays()) {
      if (each.stay().moved() && !overlapped(each.client(), each.stay())) {
        wrong.add(
            "%s %s: no connection overlaps the one that it left"
                .formatted(each.client().kind().text(), each.client().client()));
      }
    }
    if (landed < moves.landed()) {
      wrong.add("%s moves, %s LANDED in the receipts".formatted(moves.landed(), landed));
    }
    if (moves.landed() == 0) {
      wrong.add("none of them moved");
    }
    return Criteria.verdict(
        LANDED,
        wrong,
        "%s moves, %s LANDED in the receipts; moves that failed: %s"
            .formatted(moves.landed(), landed, moves.failed()));
  }

  private static boolean overlapped(ClientLedger client, Stay stay) {
    long end = Objects.requireNonNull(stay.toMs());
    return client.stays().stream()
        .filter(each -> each.taken())
        .filter(each -> each.fromMs() > stay.fromMs() && each.fromMs() <= end)
        .anyMatch(each -> each.toMs() == null || each.toMs() > end);
  }

  /** Each kind apart, since programs differ in how long a message takes them. */
  private static Map<ClientKind, MoveTotals> byKind(Run run) {
    Map<ClientKind, MoveTotals> moves = new EnumMap<>(ClientKind.class);
    of(run).stream()
        .collect(Collectors.groupingBy(ClientLedger::kind))
        .forEach((kind, clients) -> moves.put(kind, MoveTotals.of(clients)));
    return moves;
  }

  private static Verdict latency(Run run) {
    List<String> wrong = new ArrayList<>();
    List<String> figures = new ArrayList<>();
    boolean judged = true;
    for (Map.Entry<ClientKind, MoveTotals> each : byKind(run).entrySet()) {
      MoveTotals moves = each.getValue();
      String text =
          "%s: p99 %s ms, of %s messages each"
              .formatted(each.getKey().text(), moves.comparison(), moves.atPeers().count());
      figures.add(text);
      judged &= moves.atPeers().count() >= LEAST_SAMPLES;
      if (slower(moves)) {
        wrong.add(text);
      }
    }
    String all = String.join("; ", figures);
    return judged
        ? Criteria.verdict(LATENCY, wrong, all)
        : new Verdict(
            LATENCY, Result.NOT_APPLICABLE, all + " (judged from " + LEAST_SAMPLES + " on)");
  }

  private static boolean slower(MoveTotals moves) {
    long more = moves.whileMoving().spread().p99Ms() - moves.atPeers().spread().p99Ms();
    return moves.ratio() > MOST_RATIO && more > CLOCKS_MS;
  }

  /** The table's cells, in the order of {@link #HEADS}. */
  static List<String> cells(Run run) {
    List<ClientLedger> clients = of(run);
    if (clients.isEmpty()) {
      return HEADS.stream().map(head -> "–").toList();
    }
    MoveTotals moves = totals(run);
    Counts counts = Counts.of(clients);
    return List.of(
        run.drains() ? moves.landed() + " of " + (moves.landed() + moves.failed()) : "as stock",
        "%s, %s s".formatted(moves.without(), ResultTable.seconds(moves.withoutMs())),
        "%s, %s, %s".formatted(counts.missing(), counts.duplicated(), counts.reordered()),
        byKind(run).values().stream()
            .filter(each -> !Double.isNaN(each.ratio()))
            .max(Comparator.comparingDouble(MoveTotals::ratio))
            .map(MoveTotals::comparison)
            .orElse("–"));
  }
}
