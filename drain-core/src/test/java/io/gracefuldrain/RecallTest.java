package io.gracefuldrain;

import static io.gracefuldrain.Times.ms;
import static io.gracefuldrain.Times.s;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RecallTest {
  @ParameterizedTest
  @EnumSource(
      value = DrainPhase.class,
      names = {"UNREADY", "MOVING", "SETTLING", "FORCING", "DRAINED"})
  void resume_inEachPhase_servesAgainAndTheNextDrainIsWhole(DrainPhase phase) throws Exception {
    VirtualPod pod = VirtualPod.serving();
    List<FakeClient> clients = pod.stock(8);
    clients.get(0).work("endless");
    clients.get(1).stubborn();
    CompletionStage<DrainReport> first = pod.drain(DrainReason.MANUAL);
    pod.advanceTo(phase);
    pod.advance(Times.TICK);
    int remaining = pod.report().remaining();

    pod.coordinator.resume();

    assertThat(pod.phase()).isEqualTo(DrainPhase.SERVING);
    assertThat(pod.coordinator.ready()).isTrue();
    assertThat(pod.coordinator.admits()).isTrue();
    assertThat(pod.coordinator.work().sealed()).isFalse();
    DrainReport receipt = VirtualPod.done(first);
    assertThat(receipt.epoch()).isEqualTo(1);
    assertThat(receipt.remaining()).isZero();
    assertThat(receipt.addsUp()).isTrue();
    assertThat(receipt.tracked()).isEqualTo(8);
    assertThat(receipt.count(Outcome.KEPT)).isLessThanOrEqualTo(remaining);

    // Those still here are drained by the next one, and counted anew.
    int here = pod.report().connections();
    CompletionStage<DrainReport> second = pod.drain(DrainReason.SIGTERM);
    assertThat(pod.report().epoch()).isEqualTo(2);
    assertThat(pod.report().tracked()).isEqualTo(here).isEqualTo(receipt.count(Outcome.KEPT));
    assertThat(pod.report().outcomes()).isEmpty();
    pod.advance(s(21));
    DrainReport next = VirtualPod.done(second);
    assertThat(next.phase()).isEqualTo(DrainPhase.DRAINED);
    assertThat(next.tracked()).isEqualTo(here);
    assertThat(next.addsUp()).isTrue();
    assertThat(next.elapsed()).isLessThanOrEqualTo(s(21));
    assertThat(next.reasons()).containsExactly(DrainReason.SIGTERM);
  }

  @Test
  void resume_whileUnready_keepsEverybody() throws Exception {
    VirtualPod pod = VirtualPod.serving();
    List<FakeClient> clients = pod.stock(5);
    CompletionStage<DrainReport> done = pod.drain(DrainReason.MANUAL);
    pod.advanceTo(s(3));

    pod.coordinator.resume();
    pod.advance(s(60));

    assertThat(VirtualPod.done(done).outcomes()).containsOnly(entry(Outcome.KEPT, 5));
    assertThat(VirtualPod.done(done).elapsed()).isEqualTo(s(3));
    assertThat(VirtualPod.done(done).phase()).isEqualTo(DrainPhase.SERVING);
    assertThat(clients).allMatch(client -> client.closes.isEmpty());
    assertThat(clients).allMatch(client -> client.handle().tryEnter());
    assertThat(pod.clock.idle()).isTrue();
  }

  @Test
  void resume_whileMoving_countsWhoeverWasLetGoAsClosed() throws Exception {
    VirtualPod pod = VirtualPod.serving();
    FakeClient leaving = pod.stock("leaving").stubborn();
    FakeClient hinted = pod.aware("hinted");
    FakeClient busy = pod.stock("busy");
    busy.work("order");
    FakeClient waiting = pod.stock("waiting");
    FakeClient landed = pod.aware("landed");
    CompletionStage<DrainReport> done = pod.drain(DrainReason.MANUAL);
    // Slots are two seconds apart, the busy one last.
    pod.advanceTo(ms(6980));
    assertThat(leaving.closes).hasSize(1);
    assertThat(hinted.hints).hasSize(1);

    pod.coordinator.resume();

    DrainReport receipt = VirtualPod.done(done);
    assertThat(receipt.outcomes()).containsOnly(entry(Outcome.CLOSED, 1), entry(Outcome.KEPT, 4));
    assertThat(leaving.handle().sealed()).isTrue();
    assertThat(waiting.handle().sealed()).isFalse();
    // Moves already under way may still end, and belong to no drain.
    leaving.leave(Departure.SILENT);
    hinted.leave(Departure.GOODBYE);
    landed.leave(Departure.SILENT);
    assertThat(pod.report().count(Outcome.KEPT)).isEqualTo(4);
    assertThat(pod.report().connections()).isEqualTo(2);
    assertThat(pod.report().addsUp()).isTrue();
  }

  @Test
  void resume_afterTheReceipt_leavesItAsItWas() throws Exception {
    VirtualPod pod = VirtualPod.serving();
    pod.stock(3);
    CompletionStage<DrainReport> done = pod.drain(DrainReason.MANUAL);
    pod.advanceTo(DrainPhase.DRAINED);
    DrainReport receipt = VirtualPod.done(done);
    pod.advance(s(100));

    pod.coordinator.resume();

    assertThat(VirtualPod.done(done)).isEqualTo(receipt);
    assertThat(pod.report().elapsed()).isEqualTo(receipt.elapsed());
    assertThat(pod.report().outcomes()).isEqualTo(receipt.outcomes());
    assertThat(pod.printed()).as("one receipt").hasSize(1);
  }

  @Test
  void resume_whileLingering_completesWithTheDrain() throws Exception {
    VirtualPod pod = VirtualPod.serving(VirtualPod.policy().withLinger(s(3)));
    CompletionStage<DrainReport> done = pod.drain(DrainReason.MANUAL);
    pod.advanceTo(DrainPhase.DRAINED);

    pod.coordinator.resume();

    assertThat(VirtualPod.done(done).epoch()).isEqualTo(1);
    pod.advance(s(10));
    assertThat(pod.phase()).isEqualTo(DrainPhase.SERVING);
  }

  @Test
  void resume_afterACompressedDrain_hasTheWholeTimeAgain() {
    VirtualPod pod = VirtualPod.serving();
    pod.drain(DrainReason.MANUAL, s(2));
    pod.coordinator.resume();
    List<FakeClient> clients = pod.stock(10);

    // A shed is paced over the policy's window, and not over the rest of the drain's.
    pod.coordinator.shed(10);
    pod.advance(s(4));

    assertThat(clients).filteredOn(client -> client.closedAt != null).hasSizeBetween(4, 7);
    pod.drain(DrainReason.MANUAL);
    assertThat(pod.report().budgetRemaining()).isEqualTo(s(21));
    assertThat(pod.report().compressed()).isFalse();
  }

  @Test
  void resume_andAnotherDrain_beginsItsSlotsAnew() {
    VirtualPod pod = VirtualPod.serving();
    List<FakeClient> clients = pod.stock(1000);
    pod.drain(DrainReason.MANUAL);
    pod.advanceTo(s(6));
    pod.coordinator.resume();
    long before = clients.stream().filter(client -> client.closedAt != null).count();

    pod.drain(DrainReason.MANUAL);
    pod.advance(s(5));

    assertThat(clients).filteredOn(client -> client.closedAt != null).hasSize((int) before + 1);
  }

  @Test
  void resume_beforeTheApplicationStarted_isStartingAgain() {
    VirtualPod pod = new VirtualPod(VirtualPod.policy(), true);
    pod.drain(DrainReason.MANUAL);

    pod.coordinator.resume();

    assertThat(pod.phase()).isEqualTo(DrainPhase.STARTING);
    assertThat(pod.coordinator.ready()).isFalse();
    pod.coordinator.started();
    assertThat(pod.phase()).isEqualTo(DrainPhase.SERVING);
  }

  @Test
  void resume_withLateArrivals_countsThemOnceInEachEpoch() throws Exception {
    VirtualPod pod = VirtualPod.serving();
    pod.stock("holder").stubborn().work("endless");
    CompletionStage<DrainReport> first = pod.drain(DrainReason.MANUAL);
    pod.advanceTo(DrainPhase.SETTLING);
    pod.stock("late").stubborn().work("order");
    pod.coordinator.resume();

    assertThat(VirtualPod.done(first).tracked()).isEqualTo(2);
    assertThat(VirtualPod.done(first).count(Outcome.KEPT)).isEqualTo(2);
    pod.drain(DrainReason.MANUAL);
    assertThat(pod.report().tracked()).isEqualTo(2);
    assertThat(pod.report().late()).isZero();
  }

  @Test
  void resume_printsAReceiptThatSaysKept() {
    try (Log log = new Log()) {
      VirtualPod pod = VirtualPod.serving();
      pod.stock(2);
      pod.drain(DrainReason.MANUAL);
      pod.coordinator.resume();

      assertThat(pod.printed()).hasSize(1);
      assertThat(pod.printed().get(0)).contains("\"KEPT\":2", "\"phase\":\"SERVING\"");
      assertThat(log.lines(LogCode.RECALLED))
          .containsExactly("{\"code\":\"DRAIN-007\",\"epoch\":1}");
    }
  }

  @Test
  void resume_withNothingToRecall_saysWhatIsGoingOn() {
    VirtualPod pod = VirtualPod.serving();
    assertThatThrownBy(pod.coordinator::resume)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("resume: the phase is SERVING (expected: a drain to recall)");
  }

  @ParameterizedTest
  @EnumSource(
      value = DrainReason.class,
      names = {"SIGTERM", "SIGINT", "SIGHUP", "SHUTDOWN"})
  void resume_ofATermination_isRefusedByName(DrainReason reason) {
    VirtualPod pod = VirtualPod.serving();
    pod.drain(DrainReason.MANUAL);
    pod.hook();
    pod.drain(reason);

    assertThatThrownBy(pod.coordinator::resume)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "resume: "
                + reason
                + " has asked for the drain (expected: nothing that ends the process for certain)");
    assertThat(pod.phase()).isEqualTo(DrainPhase.UNREADY);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void resume_ofAHookThatNobodyWanted_servesAgainAndAnswersIt(boolean open) throws Exception {
    VirtualPod pod = VirtualPod.serving();
    pod.stock(3);
    PreStopCall hook = pod.hook();
    if (!open) {
      hook.close();
    }

    pod.coordinator.resume();

    assertThat(pod.phase()).isEqualTo(DrainPhase.SERVING);
    assertThat(VirtualPod.done(hook.done()).count(Outcome.KEPT)).isEqualTo(3);
    hook.close();
    pod.drain(DrainReason.SIGTERM);
    assertThat(pod.report().epoch()).isEqualTo(2);
    assertThat(pod.coordinator.stopBudget()).as("of a new grace period").isEqualTo(s(9));
  }

  @Test
  void resume_ofAClosedCoordinator_isRefused() {
    VirtualPod pod = VirtualPod.serving();
    pod.close();
    assertThatThrownBy(pod.coordinator::resume)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the coordinator is closed (expected: an open one)");
  }
}
