package io.gracefuldrain.lab.report;

import io.gracefuldrain.lab.report.Reconciliation.Match;
import io.gracefuldrain.lab.report.SessionLine.Posts;
import io.gracefuldrain.lab.results.Answer;
import io.gracefuldrain.lab.results.ClientLedger;
import io.gracefuldrain.lab.results.Counts;
import io.gracefuldrain.lab.results.Stay;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * Judges whether stock clients that have their sessions recovered lose nothing. Only those over
 * WebSocket are judged: a poller whose next poll the Service sends elsewhere was never let go.
 */
final class RecoveryCriteria {
  static final String RECOVERED = "stock clients with recovery have their sessions recovered";
  static final String STREAM = "they miss nothing, get nothing twice, keep the order";
  static final String UPLOADS = "none of their uploads is lost or handled twice";
  static final String AWAY = "they are away for their own back-off";

  /** All of them. */
  static final List<String> ALL = List.of(RECOVERED, STREAM, UPLOADS, AWAY);

  /** The columns of the table about these clients. */
  static final List<String> HEADS =
      List.of(
          "stock ones recovered",
          "their CONNECT answered, median; longest",
          "one without a token",
          "they away of own back-off",
          "they missed, twice, reordered",
          "their uploads lost");

  /** How long they may be away, as a multiple of their own back-off. */
  private static final double MOST_RATIO = 1.05;

  private RecoveryCriteria() {}

  /** Changes of connection, and how many of them went on with the session. */
  private record Changes(long all, long recovered) {
    static Changes of(List<ClientLedger> clients) {
      return new Changes(
          clients.stream().mapToLong(ClientLedger::changes).sum(),
          clients.stream().mapToLong(each -> each.recovery().sids().size()).sum());
    }

    @Override
    public String toString() {
      return recovered + " of " + all;
    }
  }

  /** What pods handled of the numbers that clients sent without asking for an answer. */
  private record Uploads(long sent, long lost, long odd) {}

  static List<Verdict> judge(Run run, Reconciliation both) {
    List<ClientLedger> clients = of(run);
    if (clients.isEmpty()) {
      return List.of();
    }
    if (!run.handsOver()) {
      String why = "these pods hand no session over";
      return ALL.stream()
          .map(criterion -> new Verdict(criterion, Verdict.Result.NOT_APPLICABLE, why))
          .toList();
    }
    return List.of(recovered(run, clients), stream(clients), uploads(run, both), away(clients));
  }

  /** The clients that are judged. */
  private static List<ClientLedger> of(Run run) {
    return run.crowd().clients().stream()
        .filter(each -> each.kind().recovering() && each.kind().overWebSocket())
        .toList();
  }

  private static List<ClientLedger> pollers(Run run) {
    return run.crowd().clients().stream()
        .filter(each -> each.kind().recovering() && !each.kind().overWebSocket())
        .toList();
  }

  private static Verdict recovered(Run run, List<ClientLedger> clients) {
    Changes changes = Changes.of(clients);
    String pollers =
        pollers(run).isEmpty() ? "" : "; of pollers (not judged): " + Changes.of(pollers(run));
    String figures =
        changes
            + " changes of connection, answered after "
            + answered(clients)
            + pollers
            + receipts(run);
    List<String> wrong = new ArrayList<>();
    if (changes.recovered() != changes.all()) {
      wrong.add(figures);
    } else if (changes.all() == 0) {
      wrong.add("none of them moved");
    }
    return Criteria.verdict(RECOVERED, wrong, figures);
  }

  private static String answered(List<ClientLedger> clients) {
    return Answers.of(clients, Answer.Kind.RECOVERED, any -> true).toString();
  }

  private static String receipts(Run run) {
    long offered = 0;
    long taken = 0;
    for (Receipt each : run.receipts()) {
      Receipt.HandOvers told = each.handover();
      if (told != null) {
        offered += told.offered();
        taken += told.taken();
      }
    }
    return "; the receipts: %s sessions offered, %s taken".formatted(offered, taken);
  }

  private static Verdict stream(List<ClientLedger> clients) {
    Counts counts = Counts.of(clients);
    long damaged = clients.stream().mapToLong(each -> each.recovery().damaged()).sum();
    String figures =
        "%s missing, %s twice, %s out of order, %s with wrong bytes of %s"
            .formatted(
                counts.missing(),
                counts.duplicated(),
                counts.reordered(),
                damaged,
                counts.received());
    boolean holds = counts.missing() + counts.duplicated() + counts.reordered() + damaged == 0;
    return Criteria.verdict(STREAM, holds ? List.of() : List.of(figures), figures);
  }

  private static Verdict uploads(Run run, Reconciliation both) {
    if (run.clientsOnly()) {
      return new Verdict(
          UPLOADS, Verdict.Result.NOT_APPLICABLE, "these pods keep no ledger of sessions");
    }
    Uploads all = uploads(of(run), both);
    String figures =
        "%s lost, %s twice, out of order or with wrong bytes of %s"
            .formatted(all.lost(), all.odd(), all.sent());
    List<String> wrong = new ArrayList<>();
    if (all.lost() + all.odd() > 0) {
      wrong.add(figures);
    } else if (all.sent() == 0) {
      wrong.add("nothing was uploaded");
    }
    return Criteria.verdict(UPLOADS, wrong, figures);
  }

  private static Uploads uploads(List<ClientLedger> clients, Reconciliation both) {
    long sent = 0;
    long lost = 0;
    long odd = 0;
    for (ClientLedger client : clients) {
      List<Posts> all = posts(client, both);
      long last = Math.max(client.recovery().posted(), last(all));
      sent += last;
      long more = all.stream().mapToLong(Posts::count).sum() - last;
      lost += Math.max(0, -more);
      odd += client.kind().beginsWithWebSocket() ? odd(all) : Math.max(0, more);
    }
    return new Uploads(sent, lost, odd);
  }

  /** Clients are told to end after their books are closed, so one may send another number. */
  private static long last(List<Posts> sessions) {
    return sessions.stream()
        .map(Posts::last)
        .filter(Objects::nonNull)
        .max(Long::compare)
        .orElse(0L);
  }

  /** Those that came out of order, again, or with wrong bytes. */
  private static long odd(List<Posts> sessions) {
    long odd = 0;
    long next = 1;
    for (Posts each : sessions) {
      odd += each.odd();
      if (each.first() != null && each.last() != null) {
        odd += each.first() < next ? 1 : 0;
        next = each.last() + 1;
      }
    }
    return odd;
  }

  /** By session, in the order in which the client had them. */
  private static List<Posts> posts(ClientLedger client, Reconciliation both) {
    return both.matches().stream()
        .filter(match -> match.client().client() == client.client())
        .sorted(Comparator.comparing(Match::stay, Comparator.comparingLong(Stay::fromMs)))
        .map(match -> match.session().posted())
        .toList();
  }

  private static Verdict away(List<ClientLedger> clients) {
    double ratio = Figures.ratio(clients);
    String figures =
        Double.isNaN(ratio)
            ? "none of them moved"
            : String.format(Locale.ROOT, "median %.3f of it (at most %.2f)", ratio, MOST_RATIO);
    return Criteria.verdict(AWAY, ratio <= MOST_RATIO ? List.of() : List.of(figures), figures);
  }

  /** The table's cells, in the order of {@link #HEADS}. */
  static List<String> cells(Run run, Reconciliation both) {
    List<ClientLedger> clients = of(run);
    if (clients.isEmpty()) {
      return HEADS.stream().map(head -> "–").toList();
    }
    Counts counts = Counts.of(clients);
    double ratio = Figures.ratio(clients);
    Uploads uploads = uploads(clients, both);
    return List.of(
        Changes.of(clients).toString(),
        answered(clients),
        Answers.of(run.crowd().clients(), Answer.Kind.AGAIN, any -> true).toString(),
        Double.isNaN(ratio) ? "–" : String.format(Locale.ROOT, "%.2f", ratio),
        "%s, %s, %s".formatted(counts.missing(), counts.duplicated(), counts.reordered()),
        run.clientsOnly() ? "–" : uploads.lost() + " of " + uploads.sent());
  }
}
