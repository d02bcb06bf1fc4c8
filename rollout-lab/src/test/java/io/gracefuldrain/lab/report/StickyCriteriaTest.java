package io.gracefuldrain.lab.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.gracefuldrain.lab.results.Gap;
import java.util.List;
import org.junit.jupiter.api.Test;

class StickyCriteriaTest {
  @Test
  void judge_oneRefusalEach_holdsInPlaceOfTheUsualOne() {
    Run run = sticky(Runs.good().gap(0, gap(2_600L, 1)).gap(1, gap(900L, 0)));
    assertThat(verdict(run, StickyCriteria.FREED).failed()).isFalse();
    assertThat(verdict(run, StickyCriteria.FREED).figures())
        .isEqualTo(
            "stock clients refused more than once: 0 of 2 times away; most refusals: 1; away 2.6 s"
                + " in the median, 2.6 s at most");
    assertThat(run.verdicts())
        .filteredOn(each -> each.criterion().equals(Criteria.CONNECTS))
        .singleElement()
        .satisfies(each -> assertThat(each.failed()).isFalse());
  }

  @Test
  void judge_twoRefusals_isBroken() {
    Run run = sticky(Runs.good().gap(0, gap(7_000L, 2)));
    assertThat(verdict(run, StickyCriteria.FREED).failed()).isTrue();
    assertThat(verdict(run, StickyCriteria.FREED).figures())
        .startsWith("stock clients refused more than once: 1 of 2");
  }

  @Test
  void judge_awayAtTheEnd_isBroken() {
    Run run = sticky(Runs.good().gap(0, gap(null, 1)));
    assertThat(verdict(run, Criteria.CONNECTS).figures())
        .isEqualTo("1 clients had not come back in the end");
  }

  @Test
  void judge_firstConnectFailed_isBroken() {
    Run run = sticky(Runs.good().client(0, "firstConnectFailures", 1));
    assertThat(verdict(run, Criteria.CONNECTS).failed()).isTrue();
  }

  @Test
  void judge_moveThatFailed_isBroken() {
    Runs runs = Runs.good().withAware();
    Run moved = sticky(runs);
    assertThat(verdict(moved, StickyCriteria.FREED).failed()).isFalse();
    Run failed =
        sticky(
            runs.client(
                2,
                "moves",
                List.of(
                    new io.gracefuldrain.lab.results.Move(
                        Runs.ZERO + 8_000, Runs.ZERO + 8_600, null, "refused"))));
    assertThat(verdict(failed, StickyCriteria.FREED).figures())
        .isEqualTo("1 moves of aware clients failed");
  }

  private static Run sticky(Runs runs) {
    Run run = runs.build();
    return run.judged(StickyCriteria.judge(run));
  }

  private static Gap gap(Long lengthMs, int failedConnects) {
    long from = Runs.ZERO + 8_000;
    return new Gap(from, lengthMs == null ? null : from + lengthMs, 1_000, failedConnects);
  }

  private static Verdict verdict(Run run, String criterion) {
    return run.verdicts().stream()
        .filter(each -> each.criterion().equals(criterion))
        .findFirst()
        .orElseThrow();
  }
}
