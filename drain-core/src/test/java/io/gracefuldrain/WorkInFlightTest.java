package io.gracefuldrain;

import static io.gracefuldrain.DrainPhase.MOVING;
import static io.gracefuldrain.Times.ms;
import static io.gracefuldrain.Times.s;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** Work on connections, and a drain that waits for it. */
final class WorkInFlightTest {
  private final VirtualPod pod = VirtualPod.serving();

  @Test
  void letGo_sealsInOneStepAndNothingBeginsAfter() {
    FakeClient client = pod.stock("c").stubborn();
    pod.drain(DrainReason.SIGTERM);
    pod.advanceTo(ms(4980));
    assertThat(client.handle().sealed()).isFalse();
    assertThat(client.handle().tryEnter()).isTrue();
    client.handle().exit();

    pod.advanceTo(s(5));

    assertThat(client.closes).containsExactly(CloseManner.LET_GO);
    assertThat(client.handle().sealed()).isTrue();
    assertThat(client.handle().tryEnter()).isFalse();
    assertThat(client.handle().tryBegin("order")).isNull();
    assertThat(client.handle().tryBegin("order", s(1))).isNull();
  }

  @Test
  void dispatch_isWorkInFlightToo() {
    FakeClient client = pod.stock("c");
    assertThat(client.handle().tryEnter()).isTrue();
    pod.drain(DrainReason.SIGTERM);
    pod.advanceTo(s(7));

    assertThat(client.closes).isEmpty();
    assertThat(pod.report().workInFlight()).isEqualTo(1);
    assertThat(pod.report().oldestWork())
        .isEqualTo(new DrainReport.OldestWork("c", "dispatch", s(2)));

    client.handle().exit();
    assertThat(client.closes).containsExactly(CloseManner.LET_GO);
  }

  @Test
  void messageBetweenSealAndClose_isDispatched_andTheCloseIsAskedOnceMore() {
    FakeClient client = pod.stock("c").stubborn();
    ConnectionHandle handle = client.handle();
    pod.drain(DrainReason.SIGTERM);
    pod.advanceTo(s(5));
    assertThat(client.closes).containsExactly(CloseManner.LET_GO);

    assertThat(handle.tryEnterLate()).isTrue();
    WorkLease order = client.work("order");
    handle.exit();

    assertThat(handle.sealed()).as("once more it takes work").isFalse();
    assertThat(pod.report().workInFlight()).isEqualTo(1);
    assertThat(client.closes).hasSize(1);
    client.onClose(manner -> client.leave(Departure.SILENT));
    order.close();
    assertThat(client.closes).containsExactly(CloseManner.LET_GO, CloseManner.LET_GO);
    assertThat(handle.tryEnterLate()).as("it has left").isFalse();
    pod.advanceTo(s(6));
    assertThat(pod.report().count(Outcome.CLOSED)).isEqualTo(1);
  }

  @Test
  void messagesBetweenSealAndClose_thatNeverEnd_areRefusedInTheLastSecond_andCut() {
    FakeClient client = pod.stock("c").stubborn();
    ConnectionHandle handle = client.handle();
    pod.drain(DrainReason.SIGTERM);
    pod.advanceTo(s(5));
    handle.tryEnterLate();
    while (handle.tryEnterLate()) {
      handle.exit();
      handle.tryEnterLate();
      handle.exit();
      pod.advance(Times.TICK);
    }

    assertThat(pod.phase()).isEqualTo(DrainPhase.SETTLING);
    pod.advanceTo(s(60));
    assertThat(client.closes).containsExactly(CloseManner.LET_GO, CloseManner.FORCE);
    assertThat(pod.report().workAbandoned()).isEqualTo(1);
  }

  @Test
  void recall_afterAMessageBetweenSealAndClose_keepsTheConnection() {
    FakeClient client = pod.stock("c").stubborn();
    pod.drain(DrainReason.MANUAL);
    pod.advanceTo(s(5));
    client.handle().tryEnterLate();

    pod.coordinator.resume();
    client.handle().exit();

    assertThat(client.handle().sealed()).isFalse();
    assertThat(client.closes).hasSize(1);
    assertThat(pod.report().connections()).isEqualTo(1);
  }

  @Test
  void limitOfWorkBetweenSealAndClose_isHeldToo() {
    FakeClient client = pod.stock("c").stubborn();
    ConnectionHandle handle = client.handle();
    pod.drain(DrainReason.SIGTERM);
    pod.advanceTo(s(5));
    handle.tryEnterLate();
    WorkLease order = Objects.requireNonNull(handle.tryBegin("order", ms(500)));
    handle.exit();

    pod.advanceTo(s(6));

    assertThat(order.expired()).isTrue();
    assertThat(client.closes).containsExactly(CloseManner.LET_GO, CloseManner.LET_GO);
  }

  @Test
  void dispatches_thatFollowEachOther_endInTheMomentOfRestBetweenThem() {
    FakeClient client = pod.stock("c");
    client.handle().tryEnter();
    pod.drain(DrainReason.SIGTERM);
    // It is busy whenever a step looks, and has come to rest hundreds of times meanwhile.
    while (pod.phase() != DrainPhase.DRAINED) {
      pod.advance(Times.TICK);
      if (client.handle().sealed()) {
        break;
      }
      client.handle().exit();
      client.handle().tryEnter();
    }

    assertThat(client.closes).containsExactly(CloseManner.LET_GO);
    assertThat(client.closedAt).isEqualTo(s(5));
  }

  @Test
  void dispatches_thatOverlapForEver_areRefusedInTheLastSecondOfTheSettleGrace() {
    FakeClient client = pod.stock("c");
    ConnectionHandle handle = client.handle();
    handle.tryEnter();
    pod.drain(DrainReason.SIGTERM);
    Duration refusedAt = null;
    while (refusedAt == null) {
      pod.advance(Times.TICK);
      if (handle.tryEnter()) {
        handle.exit(); // the one before ends when the next one has begun
      } else {
        refusedAt = pod.clock.elapsed();
      }
    }
    assertThat(refusedAt).isEqualTo(s(19));
    assertThat(handle.sealed()).isFalse();
    WorkLease order = handle.tryBegin("order");
    assertThat(order).as("named work of the dispatch").isNotNull();

    handle.exit();
    assertThat(client.closes).isEmpty();
    order.close();

    assertThat(client.closes).containsExactly(CloseManner.LET_GO);
    pod.advance(Times.TICK);
    assertThat(pod.phase()).isEqualTo(DrainPhase.DRAINED);
    assertThat(pod.report().count(Outcome.CLOSED)).isEqualTo(1);
  }

  @Test
  void limit_takenWhileItIsDue_isHeldToo() {
    FakeClient client = pod.stock("c");
    client.handle().tryEnter();
    pod.drain(DrainReason.SIGTERM);
    pod.advanceTo(s(6));
    client.handle().tryBegin("order", ms(300));
    client.handle().exit();

    pod.advance(ms(300 + 250));

    assertThat(client.closes).containsExactly(CloseManner.LET_GO);
  }

  @Test
  void left_withWorkInFlight_isNoConnectionAnyMoreAndIsWaitedForAsWork() {
    FakeClient client = pod.stock("c");
    WorkLease order = client.work("order");
    pod.drain(DrainReason.SIGTERM);
    client.leave(Departure.SILENT);

    assertThat(pod.report().count(Outcome.LOST)).isEqualTo(1);
    assertThat(pod.report().connections()).isZero();
    assertThat(pod.report().workInFlight()).isEqualTo(1);
    pod.advanceTo(DrainPhase.SETTLING);
    assertThat(pod.clock.elapsed()).as("no connection is left to move").isEqualTo(s(5));
    pod.advanceTo(s(8));
    assertThat(pod.phase()).isEqualTo(DrainPhase.SETTLING);
    assertThat(pod.report().oldestWork()).isEqualTo(new DrainReport.OldestWork("c", "order", s(8)));

    order.close();
    pod.advance(Times.TICK);

    assertThat(pod.phase()).isEqualTo(DrainPhase.DRAINED);
    assertThat(pod.report().workAbandoned()).isZero();
    assertThat(pod.report().workInFlight()).isZero();
  }

  @Test
  void left_beforeTheDrainWithWorkInFlight_isWaitedForAndReportedIfItIsCut() {
    FakeClient client = pod.stock("c");
    client.handle().tryEnter();
    client.work("order");
    client.leave(Departure.GOODBYE);
    assertThat(pod.report().connections()).isZero();
    assertThat(pod.report().workInFlight()).isEqualTo(2);
    pod.drain(DrainReason.SIGTERM);
    assertThat(pod.report().tracked()).isZero();
    pod.advanceTo(s(7));
    client.handle().exit();

    pod.advanceTo(DrainPhase.DRAINED);

    assertThat(pod.clock.elapsed()).as("settle grace and force timeout").isEqualTo(s(11));
    assertThat(pod.report().workAbandoned()).isEqualTo(1);
    assertThat(pod.report().workInFlight()).isEqualTo(1);
    assertThat(pod.report().count(Outcome.LEFT)).isZero();
  }

  @Test
  void limit_ofWorkThatOutlivesItsConnection_isHeldInSettling() {
    FakeClient client = pod.stock("c");
    WorkLease order = client.handle().tryBegin("order", s(6));
    client.leave(Departure.GOODBYE);
    pod.drain(DrainReason.SIGTERM);

    pod.advanceTo(DrainPhase.DRAINED);

    assertThat(pod.clock.elapsed()).isEqualTo(s(6));
    assertThat(order.expired()).isTrue();
    assertThat(pod.report().workExpired()).isEqualTo(1);
    assertThat(pod.report().workAbandoned()).isZero();
  }

  @Test
  void limit_ofWorkThatNobodyCloses_boundsWhatPilesUpWhileThePodServes() {
    for (int i = 0; i < 1000; i++) {
      FakeClient client = pod.stock("c" + i);
      client.handle().tryBegin("forgotten", ms(100));
      client.leave(Departure.SILENT);
      pod.advance(ms(10));
    }
    FakeClient working = pod.stock("working");
    working.work("order");
    working.leave(Departure.SILENT);

    // Those of the last second, and of the tenth of a second of their limit.
    assertThat(pod.report().workInFlight()).isLessThanOrEqualTo(112);
    assertThat(pod.report().oldestWork().age()).isLessThanOrEqualTo(ms(1100));
  }

  @Test
  void limit_ofWorkWhoseClientsLeftInADrain_isHeldOnceThePodServes() {
    try (Log log = new Log()) {
      List<FakeClient> clients = pod.stock(100);
      clients.forEach(client -> client.handle().tryBegin("forgotten", s(3)));
      WorkLease order = pod.stock("with an order").work("order");
      pod.drain(DrainReason.MANUAL);
      clients.forEach(client -> client.leave(Departure.SILENT));
      pod.coordinator.resume();

      pod.advanceTo(ms(2980));
      assertThat(pod.report().workInFlight()).isEqualTo(101);
      pod.advanceTo(ms(4020)); // nobody else leaves
      assertThat(pod.report().workInFlight()).isEqualTo(1);
      assertThat(log.lines(LogCode.WORK_EXPIRED)).hasSize(1);

      order.close();
      pod.advance(s(1));
      assertThat(pod.clock.idle()).as("nothing more to look after").isTrue();
    }
  }

  @Test
  void limit_ofWorkWhoseClientsAllLeft_isHeldWhileThePodServes() {
    pod.stock(100)
        .forEach(
            client -> {
              client.handle().tryBegin("forgotten", ms(100));
              client.leave(Departure.GOODBYE);
            });

    pod.advance(ms(1020)); // nobody comes or leaves

    assertThat(pod.report().workInFlight()).isZero();
    assertThat(pod.clock.idle()).isTrue();
  }

  @Test
  void begin_whileAHandlerRuns_succeedsAlthoughTheClientHasLeft() {
    FakeClient client = pod.stock("c");
    client.handle().tryEnter();
    client.leave(Departure.GOODBYE);

    assertThat(client.handle().tryEnter()).as("another message").isFalse();
    WorkLease order = client.work("order");
    client.handle().exit();
    assertThat(pod.report().workInFlight()).isEqualTo(1);
    order.close();

    assertThat(pod.report().workInFlight()).isZero();
    assertThat(client.handle().tryBegin("late")).isNull();
  }

  @Test
  void forced_withWorkInFlight_isWaitedForAsWorkUntilTheEnd() {
    FakeClient client = pod.stock("c");
    WorkLease order = client.work("order");
    pod.drain(DrainReason.SIGTERM);
    pod.advanceTo(DrainPhase.FORCING);
    assertThat(pod.report().count(Outcome.FORCED)).isEqualTo(1);
    assertThat(pod.report().workInFlight()).isEqualTo(1);

    order.close();
    pod.advance(Times.TICK);

    assertThat(pod.phase()).isEqualTo(DrainPhase.DRAINED);
    assertThat(pod.report().workAbandoned()).isZero();
  }

  @Test
  void recall_whileDue_letsItsWorkGoOn() {
    FakeClient client = pod.stock("c");
    WorkLease order = client.work("order");
    pod.drain(DrainReason.MANUAL);
    pod.advanceTo(ms(19_500));
    assertThat(client.handle().tryEnter()).as("in the last second").isFalse();

    pod.coordinator.resume();
    assertThat(client.handle().tryEnter()).isTrue();
    client.handle().exit();
    order.close();

    assertThat(client.closes).isEmpty();
    assertThat(client.handle().tryEnter()).isTrue();
  }

  @Test
  void workBegunInsideWork_keepsTheConnectionToItsEnd() {
    FakeClient client = pod.stock("c");
    WorkLease order = client.work("order");
    pod.drain(DrainReason.SIGTERM);
    pod.advanceTo(s(6));
    WorkLease payment = order.begin("payment");
    order.close();
    pod.advanceTo(s(18));
    assertThat(client.closes).isEmpty();

    payment.close();
    pod.advance(Times.TICK);

    assertThat(client.closes).containsExactly(CloseManner.LET_GO);
  }

  @Test
  void workBegunInsideWork_whileForced_cannotFail() {
    FakeClient client = pod.stock("c").stubborn();
    WorkLease order = client.work("order");
    pod.drain(DrainReason.SIGTERM);
    pod.advanceTo(DrainPhase.FORCING);
    assertThat(client.handle().sealed()).isTrue();

    assertThat(order.begin("refund")).isNotNull();
  }

  @Test
  void limit_ofALease_pinsNobodyLonger() {
    try (Log log = new Log()) {
      FakeClient client = pod.stock("c");
      WorkLease lease = client.handle().tryBegin("report", s(9));
      WorkLease request = pod.coordinator.work().tryBegin("GET /export", s(1));
      pod.drain(DrainReason.SIGTERM);
      pod.advanceTo(ms(8980));
      assertThat(client.closes).isEmpty();
      assertThat(lease.expired()).isFalse();

      pod.advanceTo(s(9));
      assertThat(lease.expired()).isTrue();
      assertThat(client.closes).containsExactly(CloseManner.LET_GO);
      pod.advance(Times.TICK);

      assertThat(request.expired()).as("the pod's work ends in SETTLING").isTrue();
      assertThat(pod.phase()).isEqualTo(DrainPhase.DRAINED);
      assertThat(pod.report().workExpired()).isEqualTo(2);
      assertThat(pod.report().workAbandoned()).isZero();
      assertThat(log.lines(LogCode.WORK_EXPIRED)).hasSize(2);
    }
  }

  @Test
  void limit_whileServing_endsNothing() {
    FakeClient client = pod.stock("c");
    WorkLease lease = client.handle().tryBegin("report", s(1));

    pod.advance(s(60));

    assertThat(lease.expired()).isFalse();
  }

  @Test
  void podWork_begunLately_keepsItsGateOpenForAWhile() {
    pod.drain(DrainReason.SIGTERM);
    pod.advanceTo(ms(4900));
    podWork().close();
    pod.advanceTo(ms(6000));
    assertThat(pod.phase()).as("nobody is here, but somebody may come").isEqualTo(MOVING);
    podWork().close();
    pod.advanceTo(ms(7980));
    assertThat(pod.phase()).isEqualTo(MOVING);

    pod.advanceTo(s(8));

    assertThat(pod.phase()).isEqualTo(DrainPhase.DRAINED);
    assertThat(pod.coordinator.work().sealed()).isTrue();
  }

  @Test
  void podWork_begunForEver_isSealedAtTheEndOfTheWindow() {
    pod.drain(DrainReason.SIGTERM);
    for (int second = 0; second < 15; second++) {
      pod.advanceTo(s(second));
      podWork().close();
    }

    pod.advanceTo(s(15));

    assertThat(pod.phase()).isEqualTo(DrainPhase.DRAINED);
    assertThat(pod.coordinator.work().tryBegin("GET /")).isNull();
  }

  @Test
  void podWork_begunLongAgo_holdsUpNothing() {
    podWork().close();
    pod.drain(DrainReason.SIGTERM);

    pod.advanceTo(s(5));

    assertThat(pod.phase()).isEqualTo(DrainPhase.DRAINED);
  }

  private WorkLease podWork() {
    WorkLease work = pod.coordinator.work().tryBegin("GET /");
    assertThat(work).isNotNull();
    return work;
  }

  @Test
  void workAbandoned_countsWhatForceCutOff() {
    FakeClient goes = pod.stock("goes");
    goes.work("one");
    goes.work("two");
    pod.stock("stays").stubborn().work("three");
    FakeClient idle = pod.stock("idle").stubborn();
    pod.drain(DrainReason.SIGTERM);

    pod.advanceTo(DrainPhase.DRAINED);

    assertThat(idle.closes).containsExactly(CloseManner.LET_GO, CloseManner.FORCE);
    assertThat(pod.report().workAbandoned()).isEqualTo(3);
  }

  @Test
  void timeLeft_ofWork_isHowLongTheDrainWaitsForIt() {
    WorkLease order = pod.stock("c").work("order");
    WorkLease limited = pod.stock("d").handle().tryBegin("report", s(12));
    WorkLease request = pod.coordinator.work().begin("request");
    assertThat(order.timeLeft()).isEmpty();
    pod.drain(DrainReason.SIGTERM);
    assertThat(order.timeLeft()).as("lame duck, window and settle grace").contains(s(20));
    pod.advanceTo(s(7));
    assertThat(order.timeLeft()).contains(s(13));
    assertThat(request.timeLeft()).contains(s(13));
    assertThat(limited.timeLeft()).contains(s(5));

    pod.drain(DrainReason.MANUAL, s(4));
    assertThat(order.timeLeft().orElseThrow()).isLessThan(s(4));
    pod.advanceTo(DrainPhase.FORCING);

    assertThat(order.timeLeft()).contains(Duration.ZERO);
  }

  @Test
  void oldestWork_acrossConnections_namesItsHolder() {
    pod.stock("young").work("chat");
    pod.advance(s(1));
    assertThat(pod.report().oldestWork())
        .isEqualTo(new DrainReport.OldestWork("young", "chat", s(1)));
    assertThat(pod.report().workInFlight()).isEqualTo(1);
  }

  @Test
  void leaseAndSeal_ofADrain_areWonByExactlyOne() throws Exception {
    try (Race race = new Race(2)) {
      for (int round = 0; round < 500; round++) {
        VirtualPod fresh = VirtualPod.serving();
        FakeClient client = fresh.stock("c").stubborn();
        fresh.drain(DrainReason.SIGTERM);
        fresh.advanceTo(s(5).minus(Times.TICK));
        Callable<Boolean> working = () -> client.handle().tryBegin("order") != null;
        Callable<Boolean> moving =
            () -> {
              fresh.advance(Times.TICK);
              return client.closes.contains(CloseManner.LET_GO);
            };
        List<Boolean> won = race.run(List.of(working, moving));

        assertThat(won.get(0)).as("work or the seal").isNotEqualTo(won.get(1));
        fresh.advance(Duration.ZERO);
        assertThat(client.handle().sealed()).isEqualTo(won.get(1));
      }
    }
  }
}
