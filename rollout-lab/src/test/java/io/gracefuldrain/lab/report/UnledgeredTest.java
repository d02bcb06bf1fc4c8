package io.gracefuldrain.lab.report;

import static io.gracefuldrain.lab.report.Records.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.gracefuldrain.lab.report.Verdict.Result;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Pods of a usual application keep no ledger: clients and receipts have to do. */
class UnledgeredTest {
  private static final int AWARE = 2;

  private static Runs good() {
    return Runs.good().withAware().unledgered();
  }

  @Test
  void judge_goodRun_holdsWhatNeedsNoLedger() {
    Run run = good().build();
    assertThat(run.holds()).isTrue();
    assertThat(run.verdicts())
        .filteredOn(each -> each.result() == Result.NOT_APPLICABLE)
        .extracting(Verdict::criterion)
        .containsExactly(Criteria.AGREEMENT, Criteria.ACKNOWLEDGED, Criteria.DELIVERED);
    assertThat(run.verdicts()).hasSize(12);
    assertThat(good().verdict(AwareCriteria.LANDED).figures())
        .startsWith("1 moves, 1 LANDED in the receipts");
    assertThat(ResultTable.row(run).get(8)).isEqualTo("–");
  }

  @Test
  void landed_receiptsCountFewer_fails() {
    Runs run = good();
    run.receipts.set(0, Runs.receipt(3, Map.of("CLOSED", 3L)));
    assertThat(run.broken(AwareCriteria.LANDED)).isEqualTo("1 moves, 0 LANDED in the receipts");
  }

  @Test
  void landed_noOverlap_fails() {
    Runs run = good().stay(AWARE, each -> with(each, "toMs", Runs.ZERO + 8_040));
    assertThat(run.broken(AwareCriteria.LANDED)).contains("no connection overlaps");
  }

  @Test
  void stream_oneMissing_fails() {
    assertThat(good().count(AWARE, "missingConnected", 1).broken(AwareCriteria.STREAM))
        .startsWith("1 missing");
  }

  @Test
  void orders_cutOverWebSocket_fails() {
    Runs run = good().cut(0);
    assertThat(run.broken(Criteria.WORK)).contains("1 of", "1 of them over WebSocket");
    assertThat(Reconciliation.of(run.build()).ordersCut()).isOne();
  }

  @Test
  void orders_cutOfAPoller_areListedApart() {
    Runs run = good().cut(1); // at 9 s
    assertThat(run.verdict(Criteria.WORK).result()).isEqualTo(Result.PASS);
    assertThat(run.verdict(Criteria.WORK).figures())
        .contains("1 pollers lost an order, 0 of them after the Service led elsewhere");
    run.replaced(pod -> CriteriaTest.marked(pod, Runs.mark(MarkKind.OUT_OF_SERVICE, 3_000, "")));
    assertThat(run.verdict(Criteria.WORK).figures())
        .contains("1 pollers lost an order, 1 of them after");
  }

  @Test
  void acknowledged_whatWasNotSent_fails() {
    assertThat(good().wrongAcknowledgement(0).broken(Criteria.ACKNOWLEDGED))
        .contains("1 acknowledgements of what was not sent");
  }

  @Test
  void receipts_noneOfAReplacedPod_fails() {
    Runs run = good();
    run.receipts.clear();
    assertThat(run.broken(Criteria.RECEIPTS)).contains("old-1 left no receipt");
  }
}
