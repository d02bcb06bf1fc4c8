package io.gracefuldrain;

import static io.gracefuldrain.Times.s;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** Several requests for the same drain. */
final class JoiningTest {
  @Test
  void sigterm_whileTheHookIsOpen_leavesASecond() {
    VirtualPod pod = VirtualPod.serving();
    pod.stock("busy").stubborn().work("endless");
    List<FakeClient> clients = pod.stock(10);
    pod.hook();
    pod.advanceTo(s(3));

    pod.drain(DrainReason.SIGTERM);

    assertThat(pod.report().budgetRemaining()).isEqualTo(s(1));
    assertThat(pod.coordinator.stopBudget()).isEqualTo(s(1));
    pod.advance(s(1));
    assertThat(pod.phase()).isEqualTo(DrainPhase.DRAINED);
    assertThat(clients).allMatch(client -> client.closes.equals(List.of(CloseManner.LET_GO)));
    assertThat(pod.report().count(Outcome.FORCED)).isEqualTo(1);
    assertThat(pod.report().compressed()).isTrue();
  }

  @Test
  void sigterm_afterTheHookBroke_joinsWithWhatRemains() {
    VirtualPod pod = VirtualPod.serving();
    pod.stock("busy").stubborn().work("endless");
    pod.brokenHook();
    pod.advanceTo(s(3));

    pod.drain(DrainReason.SIGTERM);

    assertThat(pod.report().budgetRemaining()).isEqualTo(s(18));
    assertThat(pod.coordinator.stopBudget()).isEqualTo(s(9));
    assertThat(pod.report().compressed()).isFalse();
  }

  @Test
  void sigterm_whileOneOfTwoHooksIsReachable_leavesASecond() {
    VirtualPod pod = VirtualPod.serving();
    pod.stock("busy").stubborn().work("endless");
    pod.brokenHook();
    PreStopCall second = pod.hook();
    assertThat(pod.report().reasons()).containsExactly(DrainReason.PRE_STOP);
    assertThat(pod.coordinator.totals().triggers().get(DrainReason.PRE_STOP)).isEqualTo(2);

    pod.drain(DrainReason.SIGTERM);

    assertThat(pod.report().budgetRemaining()).isEqualTo(s(1));
    second.close();
  }

  @Test
  void sigterm_whileTheAnswerOfADoneDrainIsOnItsWay_isNoShortNotice() {
    VirtualPod pod = VirtualPod.serving();
    pod.hook();
    pod.advanceTo(DrainPhase.DRAINED);
    pod.advance(Times.TICK);

    pod.drain(DrainReason.SIGTERM);

    assertThat(pod.coordinator.stopBudget()).isEqualTo(s(30).minus(pod.clock.elapsed()));
  }

  @Test
  void sigterm_whoseHookCannotBeAsked_joinsWithWhatRemains() {
    try (Log log = new Log()) {
      VirtualPod pod = VirtualPod.serving();
      pod.hook(
          () -> {
            throw new IllegalStateException("no socket");
          });

      pod.drain(DrainReason.SIGTERM);

      assertThat(pod.report().budgetRemaining()).isGreaterThan(s(20));
      assertThat(log.lines(LogCode.HOOK_UNKNOWN)).hasSize(1);
    }
  }

  @Test
  void shutdown_whileTheHookIsOpen_leavesASecond() {
    VirtualPod pod = VirtualPod.serving();
    pod.stock("busy").stubborn().work("endless");
    pod.hook();

    pod.drain(DrainReason.SHUTDOWN);

    assertThat(pod.report().budgetRemaining()).isEqualTo(s(1));
  }

  @Test
  void stopBudget_ofADrainThatOverran_isWhatTheGracePeriodLeaves() {
    VirtualPod pod = VirtualPod.serving();
    pod.brokenHook();
    pod.advanceTo(DrainPhase.DRAINED);
    pod.advanceTo(s(26));
    assertThat(pod.coordinator.stopBudget()).isEqualTo(s(4));

    pod.drain(DrainReason.SIGTERM);

    assertThat(pod.coordinator.stopBudget()).isEqualTo(s(4));
    pod.advanceTo(s(40));
    assertThat(pod.coordinator.stopBudget()).isEqualTo(DrainLifecycle.LAST_NOTICE);
  }

  @Test
  void stopBudget_afterAManualDrain_isTheWholeGracePeriod() {
    VirtualPod pod = VirtualPod.serving();
    pod.drain(DrainReason.MANUAL);
    pod.advanceTo(s(40));
    assertThat(pod.coordinator.stopBudget()).as("nothing ends the process").isEqualTo(s(6));
    pod.drain(DrainReason.SIGTERM);
    assertThat(pod.coordinator.stopBudget()).isEqualTo(s(30));
  }

  @Test
  void stopBudget_ofADrainThatWasQuick_isWhatIsLeftOfTheGracePeriod() {
    VirtualPod pod = VirtualPod.serving();
    pod.drain(DrainReason.SIGTERM);
    assertThat(pod.coordinator.stopBudget()).as("it may take 21 s").isEqualTo(s(9));
    pod.advanceTo(DrainPhase.DRAINED);
    pod.advanceTo(s(10));
    assertThat(pod.coordinator.stopBudget()).isEqualTo(s(20));
    pod.advanceTo(s(24));
    assertThat(pod.coordinator.stopBudget()).isEqualTo(s(6));
  }

  @Test
  void manual_joinedBySigterm_endsWithTheProcess() throws Exception {
    VirtualPod pod = VirtualPod.serving();
    CompletionStage<DrainReport> manual = pod.drain(DrainReason.MANUAL);
    pod.advanceTo(s(2));
    CompletionStage<DrainReport> signal = pod.drain(DrainReason.SIGTERM);

    assertThat(pod.report().budgetRemaining()).isEqualTo(s(19));
    pod.advanceTo(DrainPhase.DRAINED);

    assertThat(VirtualPod.done(manual)).isSameAs(VirtualPod.done(signal));
    assertThat(VirtualPod.done(signal).reasons())
        .containsExactly(DrainReason.MANUAL, DrainReason.SIGTERM);
    pod.advance(s(60));
    assertThat(pod.phase()).isEqualTo(DrainPhase.DRAINED);
  }

  @Test
  void join_byTheSameReasonAgain_isCountedAndListedOnce() {
    try (Log log = new Log()) {
      VirtualPod pod = VirtualPod.serving();
      pod.drain(DrainReason.SIGTERM);
      pod.drain(DrainReason.SIGTERM);
      pod.drain(DrainReason.SIGTERM);

      assertThat(pod.report().reasons()).containsExactly(DrainReason.SIGTERM);
      assertThat(pod.coordinator.totals().triggers().get(DrainReason.SIGTERM)).isEqualTo(3);
      assertThat(log.lines(LogCode.JOINED)).hasSize(2);
    }
  }
}
