package io.gracefuldrain;

import static io.gracefuldrain.Times.ms;
import static io.gracefuldrain.Times.s;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gracefuldrain.DrainPolicy.BudgetCheck;
import org.junit.jupiter.api.Test;

final class BudgetCheckTest {
  private static final String PROBLEM =
      "gracePeriod: 26s (expected: >= 27s = readinessDelayMax 5s + moveWindow 10s + settleGrace 5s"
          + " + forceTimeout 1s + linger 0s + stopMargin 6s); raise DRAIN_GRACE_PERIOD with the"
          + " pod's terminationGracePeriodSeconds, or lower one of the parts";

  @Test
  void coordinator_overBudget_refusesToStartAndNamesTheNumbers() {
    assertThatThrownBy(() -> new VirtualPod(VirtualPod.policy().withGracePeriod(s(26)), true))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(PROBLEM);
    assertThatThrownBy(() -> DrainCoordinator.create(VirtualPod.policy().withGracePeriod(s(26))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(PROBLEM);
  }

  @Test
  void coordinator_overBudgetButWarnedOnly_warnsAndStarts() {
    try (Log log = new Log()) {
      VirtualPod pod =
          VirtualPod.serving(
              VirtualPod.policy().withGracePeriod(s(26)).withBudgetCheck(BudgetCheck.WARN));

      assertThat(pod.phase()).isEqualTo(DrainPhase.SERVING);
      assertThat(log.lines(LogCode.OVER_BUDGET)).hasSize(1);
      assertThat(log.lines(LogCode.OVER_BUDGET).get(0)).contains(PROBLEM);
    }
  }

  @Test
  void coordinator_exactlyInBudget_starts() {
    try (Log log = new Log()) {
      assertThat(new VirtualPod(VirtualPod.policy().withGracePeriod(s(27)), true).phase())
          .isEqualTo(DrainPhase.STARTING);
      assertThat(log.warnings()).isEmpty();
    }
    assertThatThrownBy(() -> new VirtualPod(VirtualPod.policy().withGracePeriod(ms(26_999)), true))
        .hasMessageStartingWith("gracePeriod: 26999ms (expected: >= 27s = ");
  }

  @Test
  void coordinator_withAPolicyThatFits_starts() {
    DrainPolicy tight = VirtualPod.policy().withGracePeriod(s(20));
    assertThat(tight.overBudget()).isPresent();
    DrainPolicy fitted = tight.fit(s(20).minus(tight.stopMargin()));
    assertThat(new VirtualPod(fitted, true).phase()).isEqualTo(DrainPhase.STARTING);
  }
}
