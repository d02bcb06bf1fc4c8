package io.gracefuldrain.lab.report;

import io.gracefuldrain.lab.report.Reconciliation.Match;
import io.gracefuldrain.lab.report.Verdict.Result;
import io.gracefuldrain.lab.results.ClientLedger;
import io.gracefuldrain.lab.results.Counts;
import io.gracefuldrain.lab.results.Gap;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * The criteria of a rollout that nobody notices. How often a client moves is reported, not judged.
 */
public final class Criteria {
  static final String RECEIPTS = "every connection has its outcome";
  static final String AGREEMENT = "both sides agree, session by session";
  static final String ACKNOWLEDGED = "nothing acknowledged is lost";
  static final String DELIVERED = "nothing sent is lost";
  static final String CONNECTS = "every connect succeeds";

  /** About orders. Promised where a pod has more time than an order takes. */
  public static final String WORK = "work in flight is finished";

  /** About exit codes. 143 is promised where a pod has its full grace period. */
  public static final String EXITS = "every pod ends on its own";

  /** About aware clients. Promised where a pod has more time than a move takes. */
  public static final List<String> MOVES = AwareCriteria.OF_MOVES;

  /** About stock clients with recovery. Promised where a pod has its full grace period. */
  public static final List<String> RECOVERY = RecoveryCriteria.ALL;

  /** That on their uploads. */
  public static final String UPLOADS = RecoveryCriteria.UPLOADS;

  static final String BACK_OFF = "WebSocket clients are away for their own back-off only";

  /** How long a client may be away, as a multiple of its own back-off. */
  private static final double MOST_RATIO = 1.1;

  private static final int TERMINATED = 143;

  /** The attempts of one move, by the protocol. */
  private static final int MOST_ATTEMPTS = 3;

  private Criteria() {}

  static List<Verdict> judge(Run run) {
    Reconciliation both = Reconciliation.of(run);
    if (run.clientsOnly()) {
      return withoutLedger(run, both);
    }
    List<Verdict> verdicts =
        new ArrayList<>(
            List.of(
                receipts(run),
                agreement(run, both),
                acknowledged(run, both),
                delivered(both),
                WorkCriterion.judge(run.crowd(), both),
                connects(run),
                exits(run),
                backOff(run)));
    verdicts.addAll(AwareCriteria.judge(run, both));
    verdicts.addAll(RecoveryCriteria.judge(run, both));
    return verdicts;
  }

  /** The criteria that need no ledger of the pods. */
  private static List<Verdict> withoutLedger(Run run, Reconciliation both) {
    List<Verdict> verdicts = new ArrayList<>();
    verdicts.add(receipts(run));
    verdicts.add(unledgered(AGREEMENT));
    verdicts.add(
        run.crowd().counts().wrongAcknowledgements() > 0
            ? acknowledged(run, both)
            : unledgered(ACKNOWLEDGED));
    verdicts.add(unledgered(DELIVERED));
    verdicts.add(WorkCriterion.judge(run.crowd(), both));
    verdicts.add(connects(run));
    verdicts.add(exits(run));
    verdicts.add(backOff(run));
    verdicts.addAll(AwareCriteria.judge(run, both));
    verdicts.addAll(RecoveryCriteria.judge(run, both));
    return verdicts;
  }

  private static Verdict unledgered(String criterion) {
    return new Verdict(criterion, Result.NOT_APPLICABLE, "these pods keep no ledger of sessions");
  }

  private static Verdict receipts(Run run) {
    if (!run.drains()) {
      return new Verdict(
          RECEIPTS, Result.NOT_APPLICABLE, "pods that do not drain write no receipt");
    }
    List<String> wrong = new ArrayList<>();
    for (PodLane pod : run.replaced()) {
      List<Receipt> own =
          run.receipts().stream().filter(each -> each.pod().equals(pod.name())).toList();
      if (own.isEmpty()
          && pod.has(MarkKind.READY)) { // otherwise no client was ever connected to it
        wrong.add(pod.name() + " left no receipt");
      }
      for (Receipt receipt : own) {
        if (receipt.sum() != receipt.tracked() || receipt.remaining() != 0) {
          wrong.add(
              "%s tracked %s, outcomes of %s, %s remained"
                  .formatted(pod.name(), receipt.tracked(), receipt.sum(), receipt.remaining()));
        }
      }
    }
    if (run.replaced().isEmpty()) {
      wrong.add("no pod was replaced");
    }
    return verdict(RECEIPTS, wrong, outcomes(run));
  }

  private static String outcomes(Run run) {
    long tracked = run.receipts().stream().mapToLong(Receipt::tracked).sum();
    String each =
        run.receipts().stream()
            .flatMap(receipt -> receipt.outcomes().entrySet().stream())
            .filter(entry -> entry.getValue() > 0)
            .collect(
                Collectors.groupingBy(
                    Map.Entry::getKey,
                    java.util.TreeMap::new,
                    Collectors.summingLong(Map.Entry::getValue)))
            .entrySet()
            .stream()
            .map(entry -> entry.getValue() + " " + entry.getKey())
            .collect(Collectors.joining(" + "));
    return tracked + " tracked = " + (each.isEmpty() ? "0" : each);
  }

  private static Verdict agreement(Run run, Reconciliation both) {
    List<String> wrong = new ArrayList<>();
    if (both.matches().isEmpty()) {
      wrong.add("no session is known to both sides");
    }
    // When a move fails, its client does not report the sessions that it tried.
    long tried = (long) MOST_ATTEMPTS * AwareCriteria.totals(run).failed();
    if (both.strays() > tried) {
      wrong.add(
          "%s WebSocket sessions are known to one side only (of moves that failed: at most %s)"
              .formatted(both.strays(), tried));
    }
    for (Match match : both.matches()) {
      String pod = match.stay().pod();
      if (pod != null && !pod.equals(match.session().pod())) {
        wrong.add("%s: %s or %s?".formatted(name(match), pod, match.session().pod()));
      }
      if (match.more() && !match.recovered()) { // what it missed came from another pod
        wrong.add(
            "%s: received %s of %s sent"
                .formatted(name(match), match.stay().received(), match.session().sent()));
      }
    }
    if (run.drains()) {
      run.receipts().forEach(receipt -> compare(receipt, run.sessions(), wrong));
    }
    return verdict(
        AGREEMENT,
        wrong,
        "%s sessions; pollers known to one side only: %s; tried by moves that failed: %s"
            .formatted(both.matches().size(), both.strayPollers(), both.strays()));
  }

  /** The pod's ledger must agree with its receipt, outcome by outcome. */
  private static void compare(Receipt receipt, List<SessionLine> sessions, List<String> wrong) {
    Map<String, Long> counted =
        sessions.stream()
            .filter(session -> session.pod().equals(receipt.pod()) && session.outcome() != null)
            .collect(Collectors.groupingBy(SessionLine::outcome, Collectors.counting()));
    receipt
        .outcomes()
        .forEach(
            (outcome, count) -> {
              long own = counted.getOrDefault(outcome, 0L);
              if (own != count) {
                wrong.add(
                    "%s: %s %s in the receipt, %s in the ledger"
                        .formatted(receipt.pod(), count, outcome, own));
              }
            });
  }

  private static Verdict acknowledged(Run run, Reconciliation both) {
    List<String> wrong = new ArrayList<>();
    for (Match match : both.matches()) {
      if (match.stay().acknowledged() > match.session().up()) {
        wrong.add(
            "%s: %s acknowledged, %s handled"
                .formatted(name(match), match.stay().acknowledged(), match.session().up()));
      }
    }
    Counts counts = run.crowd().counts();
    long strange = counts.wrongAcknowledgements();
    if (strange > 0) {
      wrong.add(strange + " acknowledgements of what was not sent");
    }
    return verdict(
        ACKNOWLEDGED,
        wrong,
        "%s acknowledged; unanswered, so sent again: %s"
            .formatted(counts.acknowledged(), counts.unanswered()));
  }

  private static Verdict delivered(Reconciliation both) {
    List<Match> judged =
        both.matches().stream().filter(each -> each.judged() && each.ended()).toList();
    List<Match> routed = both.matches().stream().filter(Match::routedAway).toList();
    String apart =
        routed.isEmpty()
            ? ""
            : "; %s pollers were sent elsewhere by the Service, without %s messages"
                .formatted(routed.size(), routed.stream().mapToLong(Match::tail).sum());
    List<Match> lost = judged.stream().filter(each -> each.tail() > 0).toList();
    long messages = lost.stream().mapToLong(Match::tail).sum();
    List<String> wrong =
        lost.isEmpty()
            ? List.of()
            : List.of(
                "%s messages in %s of %s ended sessions"
                        .formatted(messages, lost.size(), judged.size())
                    + apart);
    return verdict(DELIVERED, wrong, judged.size() + " sessions ended" + apart);
  }

  private static Verdict connects(Run run) {
    List<ClientLedger> clients = run.crowd().clients();
    int failed = clients.stream().mapToInt(Criteria::failedConnects).sum();
    long away =
        clients.stream()
            .flatMap(client -> client.gaps().stream())
            .filter(gap -> gap.toMs() == null)
            .count();
    List<String> wrong = new ArrayList<>();
    if (failed > 0) {
      wrong.add(failed + " failed");
    }
    if (away > 0) {
      wrong.add(away + " clients had not come back in the end");
    }
    int connects = clients.stream().mapToInt(client -> client.stays().size()).sum();
    return verdict(CONNECTS, wrong, connects + " connects");
  }

  static int failedConnects(ClientLedger client) {
    return client.firstConnectFailures()
        + client.gaps().stream().mapToInt(Gap::failedConnects).sum();
  }

  private static Verdict exits(Run run) {
    List<String> wrong = new ArrayList<>();
    // A pod that was never ready had no client, and may be killed before its program has begun.
    List<PodLane> judged = run.replaced().stream().filter(pod -> pod.has(MarkKind.READY)).toList();
    for (PodLane pod : judged) {
      if (pod.has(MarkKind.SIGKILL)) {
        wrong.add(pod.name() + " was killed");
      } else if (!Objects.equals(pod.exitCode(), TERMINATED)) {
        wrong.add(pod.name() + " exited with " + pod.exitCode());
      }
    }
    if (judged.isEmpty()) {
      wrong.add("no pod was replaced");
    }
    return verdict(EXITS, wrong, judged.size() + " pods exited with " + TERMINATED);
  }

  private static Verdict backOff(Run run) {
    List<ClientLedger> clients =
        run.crowd().clients().stream()
            .filter(each -> each.kind().overWebSocket())
            .filter(
                each -> !run.drains() || !each.kind().aware()) // aware ones have no gap to judge
            .toList();
    if (clients.isEmpty()) {
      return new Verdict(BACK_OFF, Result.NOT_APPLICABLE, "the crowd has none");
    }
    double ratio = Figures.ratio(clients);
    String figures =
        Double.isNaN(ratio)
            ? "none of them moved"
            : String.format(Locale.ROOT, "median %.2f of it (at most %.1f)", ratio, MOST_RATIO);
    return verdict(BACK_OFF, ratio <= MOST_RATIO ? List.of() : List.of(figures), figures);
  }

  private static String name(Match match) {
    return "client " + match.client().client();
  }

  static Verdict verdict(String criterion, List<String> wrong, String otherwise) {
    if (wrong.isEmpty()) {
      return new Verdict(criterion, Result.PASS, otherwise);
    }
    int shown = 4;
    String more = wrong.size() > shown ? "; and " + (wrong.size() - shown) + " more" : "";
    return new Verdict(
        criterion,
        Result.FAIL,
        wrong.stream().limit(shown).collect(Collectors.joining("; ")) + more);
  }
}
