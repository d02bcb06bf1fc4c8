package io.gracefuldrain;

import static io.gracefuldrain.Times.ms;
import static io.gracefuldrain.Times.s;
import static org.assertj.core.api.Assertions.assertThat;

import io.gracefuldrain.DrainPolicy.BudgetCheck;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The deadline is the platform's, whatever the policy says and wherever the first word came. */
final class GraceTest {
  /** Needs 42 s, and 6 s to stop. */
  private static DrainPolicy tooLong(Duration grace) {
    return VirtualPod.policy()
        .withMoveWindow(s(31))
        .withGracePeriod(grace)
        .withBudgetCheck(BudgetCheck.WARN);
  }

  /** A pod whose drain takes its whole time. */
  private static VirtualPod held(DrainPolicy policy) {
    return hold(VirtualPod.serving(policy));
  }

  private static VirtualPod hold(VirtualPod pod) {
    pod.stock("holder").stubborn().work("endless");
    return pod;
  }

  @ParameterizedTest
  @EnumSource(value = DrainReason.class, names = "MANUAL", mode = EnumSource.Mode.EXCLUDE)
  void drain_overBudgetAndWarnedOnly_isDoneBeforeTheStopMargin(DrainReason reason)
      throws Exception {
    VirtualPod pod = held(tooLong(s(20)));
    pod.stock(100);

    CompletionStage<DrainReport> done = pod.drain(reason);

    assertThat(pod.report().budgetRemaining()).isEqualTo(s(14));
    assertThat(pod.coordinator.stopBudget()).isEqualTo(s(6));
    pod.advanceTo(s(14));
    DrainReport receipt = VirtualPod.done(done);
    assertThat(receipt.compressed()).isTrue();
    assertThat(receipt.count(Outcome.CLOSED)).isEqualTo(100);
    assertThat(receipt.count(Outcome.FORCED)).isEqualTo(1);
  }

  @Test
  void drain_byHandAndOverBudget_takesItsTime() {
    VirtualPod pod = held(tooLong(s(20)));

    pod.drain(DrainReason.MANUAL);
    assertThat(pod.report().budgetRemaining()).isEqualTo(s(42));
    pod.advanceTo(s(10));
    pod.drain(DrainReason.SIGTERM);

    assertThat(pod.report().budgetRemaining()).as("from SIGTERM on").isEqualTo(s(14));
  }

  @Test
  void drain_graceShorterThanTheStopMargin_isSharedWithTheStops() {
    VirtualPod pod = held(tooLong(s(5)));
    pod.drain(DrainReason.SIGTERM);
    assertThat(pod.report().budgetRemaining()).isEqualTo(s(1));
    assertThat(pod.coordinator.stopBudget()).isEqualTo(s(4));

    VirtualPod tiny = held(tooLong(s(1)));
    tiny.drain(DrainReason.SIGTERM);
    assertThat(tiny.report().budgetRemaining()).isEqualTo(ms(500));
  }

  @Test
  void sigterm_afterAHookThatRanIntoItsBound_hasWhatIsLeft() {
    VirtualPod pod = held(VirtualPod.policy());
    PreStopCall hook = pod.hook();
    pod.clock.stall(s(27)); // no step was taken: the hook is answered with "too late"
    hook.close();

    pod.drain(DrainReason.SIGTERM);

    assertThat(pod.report().budgetRemaining()).isLessThanOrEqualTo(s(1));
    assertThat(pod.coordinator.stopBudget()).isLessThanOrEqualTo(s(3));
  }

  @Test
  void drain_thatFits_isNotCompressed() {
    VirtualPod pod = held(VirtualPod.policy().withGracePeriod(s(27)));
    pod.drain(DrainReason.PRE_STOP);
    pod.advanceTo(s(3));
    pod.drain(DrainReason.SIGTERM);

    assertThat(pod.report().budgetRemaining()).isEqualTo(s(18));
    assertThat(pod.report().compressed()).isFalse();
  }

  @Test
  void sigterm_afterTheHookOfAnotherCoordinator_hasWhatThatOneLeft() {
    VirtualPod one = held(VirtualPod.policy());
    VirtualPod two = hold(one.besides(VirtualPod.policy().withPod("pod-b")));
    PreStopCall hook = one.hook();
    one.advanceTo(s(21));
    hook.close();
    assertThat(two.phase()).isEqualTo(DrainPhase.SERVING);

    one.drain(DrainReason.SIGTERM);
    two.drain(DrainReason.SIGTERM);

    assertThat(two.report().budgetRemaining()).isEqualTo(s(3));
    assertThat(two.coordinator.stopBudget()).isEqualTo(s(6));
    one.advanceTo(s(24));
    assertThat(two.phase()).isEqualTo(DrainPhase.DRAINED);
    assertThat(two.report().compressed()).isTrue();
  }

  @Test
  void word_takenBack_countsForNobody() {
    VirtualPod one = held(VirtualPod.policy());
    VirtualPod two = hold(one.besides(VirtualPod.policy().withPod("pod-b")));
    one.hook().close();
    one.advanceTo(s(32));
    assertThat(one.phase()).as("reset").isEqualTo(DrainPhase.SERVING);

    two.drain(DrainReason.SIGTERM);

    assertThat(two.report().budgetRemaining()).isEqualTo(s(21));
  }

  @Test
  void word_ofAClosedCoordinator_countsForNobody() {
    VirtualPod one = held(VirtualPod.policy());
    VirtualPod two = hold(one.besides(VirtualPod.policy().withPod("pod-b")));
    one.drain(DrainReason.SIGTERM);
    one.advanceTo(s(10));
    one.coordinator.close();

    two.drain(DrainReason.SIGTERM);

    assertThat(two.report().budgetRemaining()).isEqualTo(s(21));
  }

  @Test
  void begin_withNotesOfOthers_takesTheEarliestThatCanBeThePlatforms() {
    long now = Long.MIN_VALUE + 10; // the clock has just wrapped
    Map<Object, Object> notes = new HashMap<>();
    notes.put("io.gracefuldrain.grace.other", Long.toString(now - s(7).toNanos()));
    notes.put("io.gracefuldrain.grace.older", Long.toString(now - s(33).toNanos()));
    notes.put("io.gracefuldrain.grace.strange", "yesterday");
    notes.put("java.version", Long.toString(now - s(9).toNanos()));
    notes.put(7, 7);
    GraceClock clock = new GraceClock(() -> notes);

    assertThat(now - clock.begin(now, s(30).toNanos())).isEqualTo(s(7).toNanos());

    clock.stop();
    assertThat(notes).hasSize(5);
  }
}
