package io.gracefuldrain;

import static io.gracefuldrain.Times.ms;
import static io.gracefuldrain.Times.s;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Clients that know reconnect hints, and those that say they have landed. */
final class HintingTest {
  @Test
  void aware_inItsSlot_isHintedAndLandsElsewhere() {
    VirtualPod pod =
        VirtualPod.serving(VirtualPod.policy().withReconnectUrl("https://chat.example.com"));
    FakeClient client = pod.aware("c");
    pod.drain(DrainReason.SIGTERM);
    pod.advanceTo(s(5));

    ReconnectHint hint = client.hints.get(0);
    assertThat(hint.reason()).isEqualTo("drain");
    assertThat(hint.grace()).isEqualTo(s(2));
    assertThat(hint.url()).isEqualTo("https://chat.example.com");
    assertThat(Ticket.decode(hint.ticket()))
        .contains(new Ticket("pod-a", "g1", pod.coordinator.processEpoch(), 1, "c"));

    pod.advance(ms(300));
    client.land(ms(120));
    pod.advance(ms(500));
    client.leave(Departure.GOODBYE);
    pod.advance(Times.TICK);

    assertThat(client.closes).isEmpty();
    assertThat(pod.phase()).isEqualTo(DrainPhase.DRAINED);
    assertThat(pod.report().count(Outcome.LANDED)).isEqualTo(1);
    assertThat(pod.report().landings().max()).isEqualTo(ms(120));
    assertThat(pod.report().moves().max()).isEqualTo(ms(800));
  }

  @Test
  void moving_fromTheHintOn_holdsWhenTheConnectionHasEndedToo() {
    VirtualPod pod = VirtualPod.serving();
    FakeClient client = pod.aware("c");
    FakeClient stock = pod.stock("s").stubborn();
    pod.drain(DrainReason.MANUAL);
    pod.advanceTo(ms(4980));
    client.handle().landed("early", ms(1));
    assertThat(client.handle().moving()).isFalse();
    assertThat(client.handle().movedTo()).isEmpty();

    pod.advanceTo(s(14));
    assertThat(client.hints).hasSize(1);
    assertThat(stock.closes).hasSize(1);
    assertThat(client.handle().moving()).isTrue();
    assertThat(stock.handle().moving()).as("was asked nothing").isFalse();
  }

  @Test
  void movedTo_saidByTheClient_isThePodAlsoWhenTheConnectionHasEnded() {
    VirtualPod pod = VirtualPod.serving();
    FakeClient client = pod.aware("c");
    pod.drain(DrainReason.MANUAL);
    pod.advanceTo(s(5));
    client.handle().landed("pod-a", ms(9)); // back where it was
    assertThat(client.handle().movedTo()).isEmpty();

    client.land(ms(10));
    client.handle().landed("later", ms(11));
    assertThat(client.handle().movedTo()).contains("other");

    client.leave(Departure.GOODBYE);
    assertThat(client.handle().movedTo()).contains("other");
    assertThat(client.handle().moving()).isTrue();
  }

  @Test
  void recall_ofAHint_isNoMoveAnyMore() {
    VirtualPod pod = VirtualPod.serving();
    FakeClient client = pod.aware("c");
    pod.drain(DrainReason.MANUAL);
    pod.advanceTo(s(5));
    client.land(ms(10));

    pod.coordinator.resume();

    assertThat(client.handle().moving()).isFalse();
    assertThat(client.handle().movedTo()).isEmpty();
  }

  @Test
  void aware_thatComesBackToThisPod_hasNotLanded() {
    VirtualPod pod = VirtualPod.serving();
    FakeClient client = pod.aware("c");
    pod.drain(DrainReason.SIGTERM);
    pod.advanceTo(s(5));

    client.handle().landed("pod-a", ms(120));
    client.leave(Departure.GOODBYE);

    assertThat(pod.report().count(Outcome.LANDED)).isZero();
    assertThat(pod.report().count(Outcome.LEFT)).isEqualTo(1);
    assertThat(pod.report().landings().count()).isZero();
  }

  @Test
  void aware_thatDoesNotMove_isClosedAfterItsGrace() {
    VirtualPod pod = VirtualPod.serving();
    FakeClient client = pod.aware("c");
    pod.drain(DrainReason.SIGTERM);

    pod.advanceTo(ms(6980));
    assertThat(client.hintedAt).isEqualTo(s(5));
    assertThat(client.closes).isEmpty();
    pod.advanceTo(s(7));

    assertThat(client.closes).containsExactly(CloseManner.LET_GO);
    assertThat(client.hints).hasSize(1);
    assertThat(pod.report().count(Outcome.CLOSED)).isEqualTo(1);
  }

  @Test
  void hint_thatNobodyHears_isSaidFourTimesInItsGrace() {
    VirtualPod pod = VirtualPod.serving();
    FakeClient client = pod.aware("c");
    pod.drain(DrainReason.SIGTERM);
    pod.advanceTo(s(5));
    assertThat(client.timesHinted).isEqualTo(1);
    pod.advanceTo(ms(5480));
    assertThat(client.timesHinted).isEqualTo(1);
    pod.advanceTo(ms(5500));
    assertThat(client.timesHinted).isEqualTo(2);
    pod.advanceTo(DrainPhase.DRAINED);

    assertThat(client.timesHinted).isEqualTo(HintGraces.HINTS);
    assertThat(client.hints).hasSize(1);
  }

  @Test
  void hint_thatIsHeard_isNotSaidAgain() {
    VirtualPod pod = VirtualPod.serving();
    FakeClient client = pod.aware("c");
    pod.drain(DrainReason.SIGTERM);
    pod.advanceTo(ms(5600));
    assertThat(client.timesHinted).isEqualTo(2);
    client.handle().heard();
    pod.advanceTo(DrainPhase.DRAINED);

    assertThat(client.timesHinted).isEqualTo(2);
  }

  @Test
  void hint_ofARecalledDrain_isNotSaidInTheNext() {
    VirtualPod pod = VirtualPod.serving();
    FakeClient client = pod.aware("c");
    pod.drain(DrainReason.MANUAL);
    pod.advanceTo(s(5));
    pod.coordinator.resume();
    pod.drain(DrainReason.SIGTERM);
    pod.advance(ms(4980));
    assertThat(client.timesHinted).isEqualTo(1);
    pod.advance(Times.TICK);

    assertThat(client.timesHinted).isEqualTo(2);
    assertThat(client.hints)
        .extracting(hint -> Ticket.decode(hint.ticket()).orElseThrow().epoch())
        .containsExactly(1L, 2L);
  }

  @Test
  void hint_whoseCallStillWaits_isWithdrawnByARecall() {
    List<ConnectionCaller.Call> waiting = new ArrayList<>();
    VirtualPod pod =
        new VirtualPod(VirtualPod.policy(), true, (clock, journal) -> new HoldingCaller(waiting));
    pod.coordinator.started();
    FakeClient recalled = pod.aware("recalled");
    FakeClient left = pod.aware("left");
    pod.drain(DrainReason.MANUAL);
    pod.advanceTo(s(9));
    left.leave(Departure.GOODBYE);
    pod.coordinator.resume();
    assertThat(waiting).isNotEmpty();
    waiting.forEach(call -> call.action().run());

    assertThat(recalled.timesHinted + left.timesHinted).isZero();
  }

  /** Makes no call. */
  private record HoldingCaller(List<Call> waiting) implements ConnectionCaller {
    @Override
    public void onFailure(Failures failures) {}

    @Override
    public void call(Iterable<Call> calls) {
      calls.forEach(waiting::add);
    }

    @Override
    public boolean check() {
      return false;
    }

    @Override
    public void close() {}
  }

  @Test
  void close_isToldHowLongTheDrainWaits() {
    VirtualPod pod = VirtualPod.serving();
    FakeClient letGo = pod.stock("c").stubborn();
    FakeClient shed = pod.stock("d").stubborn();
    pod.drain(DrainReason.MANUAL);
    pod.advanceTo(DrainPhase.DRAINED);

    // Slots are at 5 and 10 s, the force at 20 s, the end at 21 s.
    assertThat(letGo.withins).containsExactly(s(15), s(1));
    assertThat(shed.withins).containsExactly(s(10), s(1));
  }

  @Test
  void aware_thatHeardLate_isClosedAfterItsOwnCount() {
    VirtualPod pod = VirtualPod.serving();
    FakeClient client = pod.aware("c");
    pod.drain(DrainReason.SIGTERM);
    pod.advanceTo(ms(5400));
    client.handle().heard();
    pod.advanceTo(ms(6000));
    client.handle().heard(); // another copy, in another namespace

    // 5.4 s, its grace, and the second that it waits for landed's answer
    assertLetGoAt(pod, client, ms(8400));
  }

  @Test
  void aware_thatHeardTooLateForTheWindow_isClosedASecondAfterIt() {
    VirtualPod pod = VirtualPod.serving(VirtualPod.policy().withMoveWindow(s(3)));
    pod.aware("first");
    FakeClient client = pod.aware("c"); // hinted at 5.75 s, with a grace of half the window
    pod.drain(DrainReason.SIGTERM);
    pod.advanceTo(ms(7200));
    client.handle().heard();

    assertLetGoAt(pod, client, s(9));
  }

  @Test
  void aware_thatHeardTooLateForAShortSettleGrace_leavesHalfOfIt() {
    VirtualPod pod =
        VirtualPod.serving(VirtualPod.policy().withMoveWindow(s(3)).withSettleGrace(s(1)));
    pod.aware("first");
    FakeClient client = pod.aware("c"); // hinted at 5.75 s, with a grace of half the window
    pod.drain(DrainReason.SIGTERM);
    pod.advanceTo(ms(7200));
    client.handle().heard();

    assertLetGoAt(pod, client, ms(8500));
  }

  @Test
  void shed_heardLate_isClosedAfterItsOwnCountWhateverTheSettleGrace() {
    VirtualPod pod = VirtualPod.serving(VirtualPod.policy().withSettleGrace(s(0)));
    FakeClient client = pod.aware("c");
    pod.coordinator.shed(1);
    pod.advance(Times.TICK);
    assertThat(client.hints).hasSize(1);
    pod.advance(ms(1900));
    client.handle().heard();

    pod.advance(ms(2980));
    assertThat(client.closes).isEmpty();
    pod.advance(Times.TICK);
    assertThat(client.closes).containsExactly(CloseManner.LET_GO);
  }

  @Test
  void lastOnes_thatHeardAtOnce_haveTheirCountInTheSettleGrace() {
    VirtualPod pod = VirtualPod.serving();
    List<FakeClient> clients = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      FakeClient client = pod.aware("a" + i);
      clients.add(client.onHint(hint -> client.handle().heard()));
    }
    pod.drain(DrainReason.SIGTERM);
    pod.advanceTo(s(15));
    assertThat(pod.phase()).isEqualTo(DrainPhase.SETTLING);
    assertThat(clients).filteredOn(client -> client.closedAt == null).hasSizeBetween(20, 30);

    pod.advanceTo(ms(16020));
    assertThat(clients).allMatch(client -> client.closes.equals(List.of(CloseManner.LET_GO)));
    assertThat(pod.phase()).isEqualTo(DrainPhase.DRAINED);
  }

  @Test
  void aware_thatHeardBeforeARecall_countsAnewInTheNextDrain() {
    VirtualPod pod = VirtualPod.serving();
    FakeClient client = pod.aware("c");
    pod.drain(DrainReason.MANUAL);
    pod.advanceTo(s(5));
    client.handle().heard();
    pod.coordinator.resume();
    pod.drain(DrainReason.SIGTERM);
    pod.advance(ms(6980));
    assertThat(client.hints).hasSize(2);
    assertThat(client.closes).isEmpty();
    pod.advance(Times.TICK);
    assertThat(client.closes).containsExactly(CloseManner.LET_GO);
  }

  @Test
  void aware_thatIsBusyWhenItsGraceEnds_isWaitedFor() {
    VirtualPod pod = VirtualPod.serving();
    FakeClient client = pod.aware("c");
    WorkLease order = client.work("order");
    pod.drain(DrainReason.SIGTERM);
    pod.advanceTo(s(9));
    assertThat(client.hints).hasSize(1);
    assertThat(client.closes).isEmpty();

    order.close();
    pod.advance(Times.TICK);

    assertThat(client.closes).containsExactly(CloseManner.LET_GO);
  }

  @Test
  void aware_thatIsBusyInItsSlot_isHintedInItsTurnAndAStockOneLast() {
    VirtualPod pod = VirtualPod.serving();
    FakeClient busy = pod.aware("busy");
    WorkLease order = busy.work("order");
    FakeClient stock = pod.stock("stock");
    WorkLease other = stock.work("order");
    List<FakeClient> idle = pod.stock(10);
    pod.drain(DrainReason.SIGTERM);
    pod.advanceTo(DrainPhase.SETTLING);

    assertThat(busy.hintedAt).isEqualTo(s(5));
    assertThat(busy.closes).isEmpty();
    assertThat(idle).allMatch(client -> client.closedAt.compareTo(busy.hintedAt) > 0);
    assertThat(stock.closes).isEmpty();

    other.close();
    busy.land(ms(10));
    pod.advance(ms(100));
    assertThat(busy.closes).isEmpty(); // landed, and its order is not done
    order.close();
    pod.advance(Times.TICK);

    assertThat(busy.closes).containsExactly(CloseManner.LET_GO);
    assertThat(pod.report().count(Outcome.LANDED)).isOne();
    assertThat(pod.report().count(Outcome.CLOSED)).isEqualTo(11);
  }

  @Test
  void aware_thatHasLandedAndIsIdle_isNotClosedBeforeItsGraceIsOver() {
    VirtualPod pod = VirtualPod.serving();
    FakeClient client = pod.aware("c");
    pod.drain(DrainReason.SIGTERM);
    pod.advanceTo(s(5));
    client.land(ms(10));

    assertLetGoAt(pod, client, s(7));
  }

  @Test
  void hints_ofMany_areAllOutAHintGraceBeforeTheWindowEnds() {
    VirtualPod pod = VirtualPod.serving();
    List<FakeClient> clients = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      clients.add(pod.aware("a" + i));
    }
    pod.drain(DrainReason.SIGTERM);
    pod.advanceTo(s(15));

    assertThat(clients).allMatch(client -> client.hintedAt.compareTo(s(13)) <= 0);
    assertThat(clients).allMatch(client -> client.closedAt.compareTo(s(15)) <= 0);
    assertThat(pod.phase()).isEqualTo(DrainPhase.DRAINED);
  }

  @Test
  void landed_withoutASlot_provesNothing() {
    VirtualPod pod = VirtualPod.serving();
    FakeClient client = pod.aware("c");
    pod.drain(DrainReason.SIGTERM);

    client.land(ms(10));
    client.leave(Departure.GOODBYE);

    assertThat(pod.report().count(Outcome.LEFT)).isEqualTo(1);
    assertThat(pod.report().landings().count()).isZero();
  }

  @Test
  void landed_withATimeNobodyCanMean_isTakenAsLong() {
    VirtualPod pod = VirtualPod.serving();
    FakeClient client = pod.aware("c");
    FakeClient other = pod.aware("d");
    pod.drain(DrainReason.SIGTERM);

    pod.advanceTo(s(5));
    client.land(Duration.ofSeconds(Long.MAX_VALUE));
    client.land(ms(1));
    pod.advanceTo(s(10));
    other.land(ms(-5));

    assertThat(pod.report().landings().count()).isEqualTo(2);
    assertThat(pod.report().landings().max()).isEqualTo(Duration.ofNanos(Long.MAX_VALUE));
  }

  @Test
  void landed_butStillHereAtTheEnd_hasLandedAllTheSame() {
    VirtualPod pod = VirtualPod.serving();
    FakeClient client = pod.aware("c").stubborn();
    client.work("endless");
    pod.drain(DrainReason.SIGTERM);
    pod.advanceTo(s(6));
    client.land(ms(100));

    pod.advanceTo(DrainPhase.DRAINED);

    assertThat(client.closes).containsExactly(CloseManner.FORCE);
    assertThat(pod.report().count(Outcome.LANDED)).isEqualTo(1);
    assertThat(pod.report().count(Outcome.FORCED)).isZero();
  }

  /** It is asked to close at that time, and not a tick before. */
  private static void assertLetGoAt(VirtualPod pod, FakeClient client, Duration time) {
    pod.advanceTo(time.minus(Times.TICK));
    assertThat(client.closes).isEmpty();
    pod.advanceTo(time);
    assertThat(client.closes).containsExactly(CloseManner.LET_GO);
  }
}
