package io.gracefuldrain;

import static io.gracefuldrain.Times.ms;
import static io.gracefuldrain.Times.s;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** The preStop hook, and the signals that follow it or do not. */
final class PreStopTest {
  @Test
  void preStop_thenSigterm_isOneDrainWithOneCompletion() throws Exception {
    VirtualPod pod = VirtualPod.serving();
    pod.stock(5);
    PreStopCall hook = pod.hook();
    pod.advanceTo(DrainPhase.DRAINED);
    DrainReport receipt = VirtualPod.done(hook.done());
    hook.close();
    pod.advance(ms(200));

    CompletionStage<DrainReport> done = pod.drain(DrainReason.SIGTERM);

    assertThat(VirtualPod.done(done)).isEqualTo(receipt);
    assertThat(pod.report().epoch()).isEqualTo(1);
    assertThat(pod.report().reasons()).containsExactly(DrainReason.PRE_STOP, DrainReason.SIGTERM);
    assertThat(pod.coordinator.stopBudget()).isEqualTo(s(30).minus(pod.clock.elapsed()));
    pod.advance(s(60));
    assertThat(pod.phase()).as("no reset").isEqualTo(DrainPhase.DRAINED);
    assertThat(pod.clock.idle()).isTrue();
  }

  @Test
  void hook_thatNoSignalFollows_isReset() {
    try (Log log = new Log()) {
      VirtualPod pod = VirtualPod.serving();
      PreStopCall hook = pod.hook();
      pod.advanceTo(s(8));
      assertThat(pod.phase()).isEqualTo(DrainPhase.DRAINED);
      hook.close();
      hook.close();

      pod.advance(ms(9980));
      assertThat(pod.phase()).isEqualTo(DrainPhase.DRAINED);
      pod.advance(ms(40));

      assertThat(pod.phase()).isEqualTo(DrainPhase.SERVING);
      assertThat(pod.coordinator.ready()).isTrue();
      assertThat(log.lines(LogCode.HOOK_RESET)).hasSize(1);
      pod.advance(Times.TICK);
      assertThat(pod.clock.idle()).isTrue();
    }
  }

  @Test
  void hook_whoseDrainCouldNotBegin_isNotOpen() {
    VirtualPod pod = VirtualPod.serving();
    pod.clock.refuseNext(new OutOfMemoryError("Java heap space"));
    assertThatThrownBy(pod::hook).isInstanceOf(OutOfMemoryError.class);
    PreStopCall hook = pod.hook();
    pod.advanceTo(DrainPhase.DRAINED);
    hook.close();

    pod.advance(s(11));

    assertThat(pod.phase()).as("reset").isEqualTo(DrainPhase.SERVING);
  }

  @Test
  void hook_thatBrokeDuringTheDrain_isResetAfterItsEnd() {
    VirtualPod pod = VirtualPod.serving();
    PreStopCall hook = pod.brokenHook();
    hook.close();

    pod.advanceTo(ms(14_980));
    assertThat(pod.phase()).isEqualTo(DrainPhase.DRAINED);
    pod.advanceTo(s(15));

    assertThat(pod.phase()).isEqualTo(DrainPhase.SERVING);
  }

  @Test
  void hook_thatIsOpen_isNotReset() {
    VirtualPod pod = VirtualPod.serving();
    PreStopCall first = pod.hook();
    PreStopCall second = pod.hook();
    pod.advanceTo(s(8));
    first.close();

    pod.advance(s(60));
    assertThat(pod.phase()).isEqualTo(DrainPhase.DRAINED);
    second.close();
    pod.advance(s(11));

    assertThat(pod.phase()).isEqualTo(DrainPhase.SERVING);
  }

  @Test
  void hook_thatJoinedAManualDrain_leavesItToThePerson() {
    VirtualPod pod = VirtualPod.serving();
    pod.drain(DrainReason.MANUAL);
    PreStopCall hook = pod.hook();
    pod.advanceTo(s(8));
    hook.close();

    pod.advance(s(60));

    assertThat(pod.phase()).isEqualTo(DrainPhase.DRAINED);
    assertThat(pod.clock.idle()).isTrue();
    pod.coordinator.resume();
    assertThat(pod.phase()).isEqualTo(DrainPhase.SERVING);
  }

  @Test
  void hook_thatAManualDrainJoined_isResetToTheManualOne() {
    VirtualPod pod = VirtualPod.serving();
    PreStopCall hook = pod.hook();
    pod.drain(DrainReason.MANUAL);
    pod.advanceTo(s(8));
    hook.close();
    pod.advance(s(60));
    assertThat(pod.phase()).isEqualTo(DrainPhase.DRAINED);
    pod.coordinator.resume();
  }

  @Test
  void hook_afterAReset_beginsANewDrain() throws Exception {
    VirtualPod pod = VirtualPod.serving();
    pod.stock(3);
    pod.hook().close();
    pod.advance(s(40));
    assertThat(pod.phase()).isEqualTo(DrainPhase.SERVING);
    pod.stock("new");

    PreStopCall again = pod.hook();
    assertThat(pod.report().epoch()).isEqualTo(2);
    assertThat(pod.report().tracked()).isEqualTo(1);
    pod.advance(s(10));

    assertThat(VirtualPod.done(again.done()).count(Outcome.CLOSED)).isEqualTo(1);
  }

  @Test
  void drain_byTheHooksReasonAlone_isResetToo() {
    VirtualPod pod = VirtualPod.serving();
    pod.drain(DrainReason.PRE_STOP);
    pod.advanceTo(s(5));
    assertThat(pod.phase()).isEqualTo(DrainPhase.DRAINED);
    pod.advanceTo(ms(14_980));
    assertThat(pod.phase()).isEqualTo(DrainPhase.DRAINED);
    pod.advanceTo(s(15));
    assertThat(pod.phase()).isEqualTo(DrainPhase.SERVING);
  }

  @Test
  void preStop_ofAClosedCoordinator_isRefusedAndNotKept() {
    VirtualPod pod = VirtualPod.serving();
    pod.close();
    assertThatThrownBy(() -> pod.coordinator.preStop(() -> true))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the coordinator is closed (expected: an open one)");
    assertThatThrownBy(() -> pod.coordinator.preStop(null))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("stillThere");
  }
}
