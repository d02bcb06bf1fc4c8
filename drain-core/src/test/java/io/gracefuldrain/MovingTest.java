package io.gracefuldrain;

import static io.gracefuldrain.Times.ms;
import static io.gracefuldrain.Times.s;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Which connections go when, and how. */
final class MovingTest {
  private static long closedBy(List<FakeClient> clients, Duration time) {
    return clients.stream()
        .filter(client -> client.closedAt != null && client.closedAt.compareTo(time) <= 0)
        .count();
  }

  @Test
  void moving_overItsWindow_givesEachItsOwnSlot() {
    VirtualPod pod = VirtualPod.serving();
    List<FakeClient> clients = pod.stock(100);
    pod.drain(DrainReason.SIGTERM);
    pod.advanceTo(DrainPhase.DRAINED);

    for (int i = 0; i < 100; i++) {
      // From second 5, over all of the 10 seconds: nobody needs a hint grace.
      assertThat(clients.get(i).closedAt.toMillis()).isCloseTo(5000 + i * 100L, within(40L));
      assertThat(clients.get(i).closes).containsExactly(CloseManner.LET_GO);
    }
    assertThat(pod.report().count(Outcome.CLOSED)).isEqualTo(100);
    assertThat(pod.report().moves().count()).isEqualTo(100);
  }

  @Test
  void moving_withAnAwareOneAmongThem_leavesItsHintGraceFree() {
    VirtualPod pod = VirtualPod.serving();
    List<FakeClient> clients = pod.stock(40);
    FakeClient aware = pod.aware("aware");
    clients.addAll(pod.stock(39));
    pod.drain(DrainReason.SIGTERM);
    pod.advanceTo(DrainPhase.DRAINED);

    assertThat(clients).allMatch(client -> client.closedAt.compareTo(s(13)) <= 0);
    assertThat(clients.get(78).closedAt).isBetween(ms(12_800), s(13));
    assertThat(aware.hints).singleElement().extracting(ReconnectHint::grace).isEqualTo(s(2));
  }

  @Test
  void moving_inASmallWindow_isNoBurst() {
    for (int window : new int[] {1, 2, 3, 10}) {
      VirtualPod pod =
          VirtualPod.serving(
              VirtualPod.policy().withMoveWindow(s(window)).withHintGrace(s(Math.min(2, window))));
      List<FakeClient> clients = pod.stock(1000);
      clients.add(pod.aware("aware"));
      clients.addAll(pod.stock(1000));
      pod.drain(DrainReason.SIGTERM);
      pod.advanceTo(DrainPhase.DRAINED);

      // 2,000 over half of the window at least, in steps of 20 ms; a tenth more for rounding.
      long most = 2200 * 20 / (window * 500L);
      Map<Duration, Long> steps =
          clients.stream()
              .filter(client -> client.closedAt != null && client != clients.get(1000))
              .collect(Collectors.groupingBy(client -> client.closedAt, Collectors.counting()));
      assertThat(steps.values()).as("window %d s", window).allMatch(count -> count <= most + 1);
    }
  }

  @Test
  void moving_inNoWindow_letsAllGoAtOnce() {
    VirtualPod pod =
        VirtualPod.serving(
            VirtualPod.policy().withMoveWindow(Duration.ZERO).withHintGrace(Duration.ZERO));
    List<FakeClient> clients = pod.stock(1000);
    pod.drain(DrainReason.SIGTERM);
    pod.advanceTo(DrainPhase.DRAINED);

    assertThat(clients).allMatch(client -> client.closedAt.equals(s(5)));
    assertThat(pod.report().count(Outcome.CLOSED)).isEqualTo(1000);
    assertThat(pod.report().elapsed()).isLessThanOrEqualTo(s(5).plus(Times.TICK));
  }

  @Test
  void moving_ofStockClientsWithoutASettleGrace_leavesEachASecondToRead() {
    VirtualPod pod = VirtualPod.serving(VirtualPod.policy().withSettleGrace(Duration.ZERO));
    List<FakeClient> clients = pod.stock(80);
    pod.drain(DrainReason.SIGTERM);
    pod.advanceTo(DrainPhase.DRAINED);

    assertThat(clients).allMatch(client -> client.closedAt.compareTo(s(14)) <= 0);
  }

  @Test
  void moving_withOthersLeavingByThemselves_stretchesOverThoseWhoRemain() {
    VirtualPod pod = VirtualPod.serving();
    List<FakeClient> clients = pod.stock(80);
    pod.drain(DrainReason.SIGTERM);
    pod.advanceTo(s(9));
    for (int i = 41; i < 80; i += 2) {
      clients.get(i).leave(Departure.GOODBYE);
    }
    pod.advanceTo(DrainPhase.DRAINED);

    assertThat(pod.report().count(Outcome.LEFT)).isEqualTo(20);
    assertThat(pod.report().count(Outcome.CLOSED)).isEqualTo(60);
    assertThat(clients.get(78).closedAt).isBetween(ms(14_700), s(15));
    assertThat(closedBy(clients, s(11))).isCloseTo(42L, within(1L));
  }

  @Test
  void moving_afterAStalledTick_makesGoodAStallsWorthAtMost() {
    VirtualPod pod = VirtualPod.serving();
    List<FakeClient> clients = pod.stock(1000); // one each ten milliseconds
    pod.drain(DrainReason.SIGTERM);
    pod.advanceTo(s(6));
    long before = closedBy(clients, s(6));
    assertThat(before).isCloseTo(100, within(3L));

    pod.clock.stall(s(4));
    pod.advance(Duration.ZERO);
    long burst = closedBy(clients, s(10)) - before;
    // 900 over the 5 seconds that remain are 18 in a tenth of a second.
    assertThat(burst).isBetween(15L, 18L);

    pod.advance(ms(200));
    assertThat(closedBy(clients, ms(10_200)) - before - burst).isCloseTo(36, within(4L));
    pod.advanceTo(DrainPhase.DRAINED);
    assertThat(closedBy(clients, s(15))).isEqualTo(1000);
  }

  @Test
  void moving_afterAStallOverItsBeginning_hasTheLessTime() {
    VirtualPod pod = VirtualPod.serving();
    List<FakeClient> clients = pod.stock(80);
    pod.drain(DrainReason.SIGTERM);
    pod.advanceTo(s(4));

    pod.clock.stall(s(5));
    pod.advance(ms(100));
    assertThat(closedBy(clients, ms(9100))).isBetween(1L, 4L);
    pod.advanceTo(s(15));

    assertThat(closedBy(clients, s(15))).isEqualTo(80);
  }

  @Test
  void moving_withARate_isNotSlowerThanItAndDoneEarly() {
    VirtualPod pod = VirtualPod.serving(VirtualPod.policy().withPacing(Pacing.atRate(20)));
    List<FakeClient> clients = pod.stock(40);
    pod.drain(DrainReason.SIGTERM);
    pod.advanceTo(DrainPhase.DRAINED);

    assertThat(pod.clock.elapsed()).isBetween(ms(6900), s(7).plus(ms(40)));
    assertThat(closedBy(clients, s(6))).isCloseTo(20, within(1L));
  }

  @Test
  void moving_inBatches_letsThemGoTogether() {
    VirtualPod pod = VirtualPod.serving(VirtualPod.policy().withPacing(Pacing.inBatches(10, s(2))));
    List<FakeClient> clients = pod.stock(30);
    pod.drain(DrainReason.SIGTERM);
    pod.advanceTo(DrainPhase.DRAINED);

    assertThat(clients.subList(0, 10)).allMatch(client -> client.closedAt.equals(s(5)));
    assertThat(clients.subList(10, 20)).allMatch(client -> client.closedAt.equals(s(7)));
    assertThat(clients.subList(20, 30)).allMatch(client -> client.closedAt.equals(s(9)));
    assertThat(pod.clock.elapsed()).as("no pause after the last").isLessThan(ms(9100));
  }

  @Test
  void moving_withSomeBusy_takesTheIdleFirst() {
    VirtualPod pod = VirtualPod.serving();
    List<FakeClient> clients = pod.stock(20);
    List<WorkLease> leases = new ArrayList<>();
    clients.subList(0, 10).forEach(client -> leases.add(client.work("order")));
    pod.drain(DrainReason.SIGTERM);
    pod.advanceTo(ms(9980));
    assertThat(closedBy(clients.subList(10, 20), s(10))).isEqualTo(10);
    assertThat(closedBy(clients.subList(0, 10), s(10))).isZero();

    leases.forEach(WorkLease::close);
    pod.advanceTo(DrainPhase.DRAINED);

    assertThat(closedBy(clients.subList(0, 10), s(15))).isEqualTo(10);
    assertThat(pod.report().count(Outcome.CLOSED)).isEqualTo(20);
  }

  @Test
  void moving_ofManyBusy_looksPastNoMoreThanItMayAndStillGetsToTheIdle() {
    VirtualPod pod = VirtualPod.serving();
    List<FakeClient> busy = pod.stock(500);
    busy.forEach(client -> client.work("endless"));
    FakeClient idle = pod.stock("idle");
    pod.drain(DrainReason.SIGTERM);

    pod.advanceTo(s(5).plus(ms(20 * 8)));

    assertThat(idle.closedAt).isNotNull();
    assertThat(closedBy(busy, s(5))).isZero();
  }

  @Test
  void due_whileBusy_goesAsSoonAsItsWorkIsDone() {
    VirtualPod pod = VirtualPod.serving();
    FakeClient client = pod.stock("c");
    WorkLease order = client.work("order");
    pod.drain(DrainReason.SIGTERM);
    pod.advanceTo(s(16));
    assertThat(pod.phase()).isEqualTo(DrainPhase.SETTLING);
    assertThat(client.closes).isEmpty();
    assertThat(client.handle().sealed()).isFalse();

    order.close();
    assertThat(client.closes).as("at once").containsExactly(CloseManner.LET_GO);
    pod.advance(Times.TICK);

    assertThat(pod.phase()).isEqualTo(DrainPhase.DRAINED);
    assertThat(pod.report().count(Outcome.CLOSED)).isEqualTo(1);
    assertThat(pod.report().slowest().get(0).took()).isEqualTo(s(11));
  }

  @Test
  void left_beforeItsSlot_isLeftOrLost() {
    VirtualPod pod = VirtualPod.serving();
    List<FakeClient> clients = pod.stock(3);
    pod.drain(DrainReason.SIGTERM);

    clients.get(0).leave(Departure.GOODBYE);
    clients.get(1).leave(Departure.SILENT);
    clients.get(1).leave(Departure.GOODBYE);

    assertThat(pod.report().count(Outcome.LEFT)).isEqualTo(1);
    assertThat(pod.report().count(Outcome.LOST)).isEqualTo(1);
    assertThat(pod.report().remaining()).isEqualTo(1);
    assertThat(pod.report().moves().count()).as("had no slot").isZero();
  }

  @Test
  void left_afterTheReceipt_changesNothing() {
    VirtualPod pod = VirtualPod.serving();
    FakeClient client = pod.stock("c").stubborn();
    pod.drain(DrainReason.SIGTERM);
    pod.advanceTo(DrainPhase.DRAINED);
    DrainReport receipt = pod.report();

    client.leave(Departure.SILENT);

    assertThat(pod.report()).isEqualTo(receipt);
    assertThat(receipt.count(Outcome.FORCED)).isEqualTo(1);
  }

  @Test
  void slotErrors_onTimeAndLate_areMeasured() {
    VirtualPod pod = VirtualPod.serving();
    pod.stock(100);
    pod.drain(DrainReason.SIGTERM);
    pod.advanceTo(s(7));
    DrainTotals.Timing onTime = pod.coordinator.totals().slotErrors();
    assertThat(onTime.count()).isCloseTo(20, within(2L));
    assertThat(onTime.maxNanos()).isLessThanOrEqualTo(ms(20).toNanos());

    pod.clock.stall(s(2));
    pod.advance(Duration.ZERO);

    long late = pod.coordinator.totals().slotErrors().maxNanos();
    assertThat(late).as("what belongs to the stall is late by a stall's worth").isPositive();
    assertThat(late).isLessThanOrEqualTo(Pacing.STALL.toNanos());
  }
}
