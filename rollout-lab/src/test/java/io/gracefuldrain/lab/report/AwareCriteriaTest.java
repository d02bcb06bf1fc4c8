package io.gracefuldrain.lab.report;

import static io.gracefuldrain.lab.report.Records.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.gracefuldrain.lab.report.Verdict.Result;
import io.gracefuldrain.lab.results.ClientKind;
import io.gracefuldrain.lab.results.Gap;
import io.gracefuldrain.lab.results.Latencies;
import io.gracefuldrain.lab.results.Move;
import io.gracefuldrain.lab.results.Stay;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class AwareCriteriaTest {
  private static final long ZERO = Runs.ZERO;
  private static final int AWARE = 2;

  @Test
  void judge_goodMove_holdsEachCriterion() {
    Run run = Runs.good().withAware().build();
    assertThat(run.verdicts()).hasSize(12).allMatch(each -> each.result() == Result.PASS);
    assertThat(AwareCriteria.cells(run))
        .containsExactly("1 of 1", "0, 0.0 s", "0, 0, 0", "2 / 2 = 1.00");
  }

  @Test
  void judge_noneThere_isNotJudged() {
    assertThat(Runs.good().build().verdicts())
        .filteredOn(each -> each.result() == Result.NOT_APPLICABLE)
        .hasSize(4)
        .allMatch(each -> each.figures().equals("the crowd has none"));
    assertThat(AwareCriteria.cells(Runs.good().build())).containsOnly("–");
  }

  @Test
  void judge_podsThatDoNotDrain_haveThemAsStockOnes() {
    Runs run = Runs.good().withAware().plain();
    assertThat(run.verdict(AwareCriteria.STREAM).figures()).contains("as stock ones");
    assertThat(run.verdict(AwareCriteria.CONNECTED).result()).isEqualTo(Result.NOT_APPLICABLE);
    assertThat(AwareCriteria.cells(run.build())).first().isEqualTo("as stock");
  }

  @Test
  void stream_oneMissing_fails() {
    assertThat(
            Runs.good()
                .withAware()
                .count(AWARE, "missingConnected", 1)
                .broken(AwareCriteria.STREAM))
        .startsWith("1 missing, 0 twice, 0 out of order of 190");
  }

  @Test
  void stream_oneTwice_fails() {
    assertThat(Runs.good().withAware().count(AWARE, "duplicated", 1).broken(AwareCriteria.STREAM))
        .contains("1 twice");
  }

  @Test
  void stream_oneOutOfOrder_fails() {
    assertThat(Runs.good().withAware().count(AWARE, "reordered", 1).broken(AwareCriteria.STREAM))
        .contains("1 out of order");
  }

  @Test
  void connected_gap_fails() {
    Runs run = Runs.good().withAware().gap(AWARE, new Gap(ZERO + 8_000, ZERO + 8_700, 600, 0));
    assertThat(run.broken(AwareCriteria.CONNECTED)).isEqualTo("1 times, 700 ms in all, 1 clients");
  }

  @Test
  void connected_downtimeThatTheMoveTellsOf_fails() {
    Move move = new Move(ZERO + 8_000, ZERO + 8_600, new Move.Figures(50, 60, 1, 5, 40), null);
    Runs run = Runs.good().withAware().client(AWARE, "moves", List.of(move));
    assertThat(run.broken(AwareCriteria.CONNECTED)).isEqualTo("1 times, 40 ms in all, 1 clients");
  }

  @Test
  void landed_otherOutcome_fails() {
    Runs run = Runs.good().withAware().session(AWARE, each -> with(each, "outcome", "LEFT"));
    assertThat(run.broken(AwareCriteria.LANDED)).isEqualTo("lean-aware 2: LEFT on old-1");
  }

  @Test
  void landed_noOverlap_fails() {
    Runs run = Runs.good().withAware().stay(AWARE, each -> with(each, "toMs", ZERO + 8_040));
    assertThat(run.broken(AwareCriteria.LANDED)).contains("no connection overlaps");
  }

  @Test
  void landed_nobodyMoved_fails() {
    Runs run = Runs.good().withAware().client(AWARE, "moves", List.of());
    assertThat(run.broken(AwareCriteria.LANDED)).isEqualTo("none of them moved");
  }

  @Test
  void agreement_sessionsThatAFailedMoveTried_areThreeAtTheMost() {
    Move failed = new Move(ZERO + 8_000, ZERO + 8_600, null, "not in 500 ms");
    Runs run = Runs.good().withAware().client(AWARE, "moves", List.of(failed));
    for (int tried = 1; tried <= 3; tried++) {
      run.sessions.add(with(CriteriaTest.stray("websocket"), "sid", "tried-" + tried));
    }
    assertThat(run.verdict(Criteria.AGREEMENT).figures()).contains("moves that failed: 3");

    run.sessions.add(with(CriteriaTest.stray("websocket"), "sid", "tried-4"));
    assertThat(run.broken(Criteria.AGREEMENT)).contains("4 WebSocket sessions", "at most 3");
  }

  @Test
  void latency_halfAsLongAgain_fails() {
    Runs run = Runs.good().withAware().client(AWARE, "whileMoving", latencies(5, 1_000));
    assertThat(run.broken(AwareCriteria.LATENCY))
        .isEqualTo("lean-aware: p99 5 / 2 = 2.50 ms, of 1000 messages each");
  }

  @Test
  void latency_withinTheClocks_isNotLonger() {
    Runs run = Runs.good().withAware().client(AWARE, "whileMoving", latencies(4, 1_000));
    assertThat(run.verdict(AwareCriteria.LATENCY).result()).isEqualTo(Result.PASS);
  }

  @Test
  void latency_twoKinds_areNotMixed() {
    Runs run = Runs.good().withAware().withAware();
    int other = AWARE + 1;
    run.client(other, "kind", ClientKind.JAVA_AWARE)
        .client(other, "whileMoving", latencies(100, 9_000))
        .client(other, "atPeers", latencies(90, 9_000))
        .client(AWARE, "atPeers", latencies(2, 2_000_000)); // mixed, they would all be quick
    assertThat(run.verdict(AwareCriteria.LATENCY).result()).isEqualTo(Result.PASS);
    assertThat(AwareCriteria.cells(run.build())).last().isEqualTo("100 / 90 = 1.11");
  }

  @Test
  void latency_tooFew_isToldAndNotJudged() {
    Runs run = Runs.good().withAware().client(AWARE, "whileMoving", latencies(50, 999));
    run.client(AWARE, "atPeers", latencies(2, 999));
    assertThat(run.verdict(AwareCriteria.LATENCY).result()).isEqualTo(Result.NOT_APPLICABLE);
    assertThat(run.verdict(AwareCriteria.LATENCY).figures())
        .contains("25.00", "of 999 messages each");
  }

  @Test
  void delivered_afterItHasLetGo_isNoLoss() {
    Runs run = Runs.good().withAware();
    assertThat(Reconciliation.of(run.build()).lost()).isZero();
    run.stay(AWARE, each -> with(each, "reason", "transport close"));
    assertThat(Reconciliation.of(run.build()).lost()).isEqualTo(3);
  }

  @Test
  void pieces_overlap_isHalfAndHalf() {
    List<Stay> stays = Runs.good().withAware().build().crowd().clients().get(AWARE).stays();
    assertThat(LaneBar.of(stays, 0, ZERO + 20_000))
        .containsExactly(
            new LaneBar(ZERO - 3_000, ZERO + 8_050, 0, 1),
            new LaneBar(ZERO + 8_050, ZERO + 8_600, 0, 0.5));
    assertThat(LaneBar.of(stays, 1, ZERO + 20_000))
        .containsExactly(
            new LaneBar(ZERO + 8_050, ZERO + 8_600, 0.5, 0.5),
            new LaneBar(ZERO + 8_600, ZERO + 20_000, 0, 1));
  }

  @Test
  void pieces_oneAfterTheOther_areWhole() {
    List<Stay> stays = Runs.good().build().crowd().clients().get(0).stays();
    assertThat(LaneBar.of(stays, 0, ZERO + 20_000))
        .containsExactly(new LaneBar(ZERO - 3_000, ZERO + 8_000, 0, 1));
    assertThat(LaneBar.of(stays, 1, ZERO + 20_000))
        .containsExactly(new LaneBar(ZERO + 9_050, ZERO + 20_000, 0, 1));
  }

  private static Latencies latencies(long ms, long count) {
    return new Latencies(new TreeMap<>(Map.of(ms, count)));
  }
}
