package io.gracefuldrain.lab.report;

import io.gracefuldrain.lab.report.Verdict.Result;
import io.gracefuldrain.lab.results.ClientLedger;
import io.gracefuldrain.lab.results.Gap;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Criteria of a rollout behind a proxy whose cookie leads to a pod for as long as that accepts. The
 * first attempt of a client that was let go is refused by the pod that it left. That refusal must
 * free it of the cookie: its second attempt arrives.
 */
public final class StickyCriteria {
  static final String FREED = "a refusal frees clients of their cookie";

  /** The refusal by the pod that it left. */
  private static final int MOST_FAILED = 1;

  private StickyCriteria() {}

  /** The verdicts of a run; that on failed connects is in place of the usual one. */
  public static List<Verdict> judge(Run run) {
    List<Gap> gaps =
        run.crowd().clients().stream()
            .filter(client -> !client.kind().aware())
            .flatMap(client -> client.gaps().stream())
            .toList();
    return List.of(connects(run, gaps), freed(run, gaps));
  }

  private static Verdict connects(Run run, List<Gap> gaps) {
    List<String> wrong = new ArrayList<>();
    int first = run.crowd().clients().stream().mapToInt(ClientLedger::firstConnectFailures).sum();
    if (first > 0) {
      wrong.add(first + " first connects failed");
    }
    long away =
        run.crowd().clients().stream()
            .flatMap(client -> client.gaps().stream())
            .filter(gap -> gap.toMs() == null)
            .count();
    if (away > 0) {
      wrong.add(away + " clients had not come back in the end");
    }
    return Criteria.verdict(
        Criteria.CONNECTS,
        wrong,
        gaps.size() + " times away, all came back; refusals are judged by the next criterion");
  }

  private static Verdict freed(Run run, List<Gap> gaps) {
    if (gaps.isEmpty()) {
      return new Verdict(FREED, Result.NOT_APPLICABLE, "no stock client was away");
    }
    long stuck = gaps.stream().filter(gap -> gap.failedConnects() > MOST_FAILED).count();
    int most = gaps.stream().mapToInt(Gap::failedConnects).max().orElse(0);
    List<Gap> ended =
        gaps.stream()
            .filter(gap -> gap.toMs() != null)
            .sorted(Comparator.comparingLong(Gap::lengthMs))
            .toList();
    String figures =
        "stock clients refused more than once: %s of %s times away; most refusals: %s; away %s"
            .formatted(stuck, gaps.size(), most, lengths(ended));
    int failedMoves = AwareCriteria.totals(run).failed();
    List<String> wrong =
        Stream.of(
                stuck > 0 ? figures : "",
                failedMoves > 0 ? failedMoves + " moves of aware clients failed" : "")
            .filter(each -> !each.isEmpty())
            .toList();
    return Criteria.verdict(FREED, wrong, figures);
  }

  private static String lengths(List<Gap> sorted) {
    return sorted.isEmpty()
        ? "for ever"
        : ResultTable.seconds(sorted.get(sorted.size() / 2).lengthMs())
            + " s in the median, "
            + ResultTable.seconds(sorted.get(sorted.size() - 1).lengthMs())
            + " s at most";
  }
}
