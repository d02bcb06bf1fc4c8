package io.gracefuldrain;

import static io.gracefuldrain.Times.ms;
import static io.gracefuldrain.Times.s;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Less time than planned. */
final class CompressionTest {
  /** A pod whose drain takes its whole time. */
  private static VirtualPod held(DrainPolicy policy) {
    VirtualPod pod = VirtualPod.serving(policy);
    pod.stock("holder").stubborn().work("endless");
    return pod;
  }

  @Test
  void drain_withinLess_givesUpInTheDeclaredOrder() {
    VirtualPod pod = held(VirtualPod.policy());

    pod.drain(DrainReason.MANUAL, s(15));
    pod.advanceTo(DrainPhase.DRAINED);

    assertThat(pod.report().phases().get(DrainPhase.UNREADY)).isEqualTo(s(2));
    assertThat(pod.report().phases().get(DrainPhase.MOVING)).isEqualTo(s(10));
    assertThat(pod.report().phases().get(DrainPhase.SETTLING)).isEqualTo(s(2));
    assertThat(pod.report().phases().get(DrainPhase.FORCING)).isEqualTo(s(1));
  }

  @Test
  void drain_withinMore_changesNothing() {
    VirtualPod pod = held(VirtualPod.policy());

    pod.drain(DrainReason.MANUAL, s(3600));
    pod.drain(DrainReason.MANUAL, Duration.ofSeconds(Long.MAX_VALUE));
    pod.advanceTo(DrainPhase.DRAINED);

    assertThat(pod.report().elapsed()).isEqualTo(s(21));
    assertThat(pod.report().compressed()).isFalse();
    assertThat(pod.coordinator.totals().compressions()).isZero();
  }

  @Test
  void drain_withinAgain_onlyTightens() {
    VirtualPod pod = held(VirtualPod.policy());
    pod.drain(DrainReason.MANUAL, s(10));
    pod.advanceTo(s(2));

    pod.drain(DrainReason.SIGTERM, s(20));
    assertThat(pod.report().budgetRemaining()).isEqualTo(s(8));
    pod.drain(DrainReason.SIGTERM, s(4));
    assertThat(pod.report().budgetRemaining()).isEqualTo(s(4));
    pod.advanceTo(DrainPhase.DRAINED);

    assertThat(pod.report().elapsed()).isEqualTo(s(6));
    assertThat(pod.coordinator.totals().compressions()).isEqualTo(2);
  }

  @ParameterizedTest
  @EnumSource(
      value = DrainPhase.class,
      names = {"UNREADY", "MOVING", "SETTLING"})
  void drain_withinLessInEachPhase_meetsTheNewDeadline(DrainPhase phase) {
    for (long within : new long[] {0, 20, 500, 1000, 2500}) {
      VirtualPod pod = held(VirtualPod.policy());
      pod.drain(DrainReason.MANUAL);
      pod.advanceTo(phase);
      pod.advance(ms(1400));
      Duration deadline = pod.clock.elapsed().plusMillis(within);

      pod.drain(DrainReason.SIGTERM, ms(within));
      assertThat(pod.report().budgetRemaining()).isLessThanOrEqualTo(ms(within));
      pod.advanceTo(deadline.plus(Times.TICK.multipliedBy(3)));

      assertThat(pod.phase()).isEqualTo(DrainPhase.DRAINED);
      assertThat(pod.report().count(Outcome.FORCED)).isEqualTo(1);
      assertThat(pod.report().addsUp()).isTrue();
    }
  }

  @Test
  void drain_withinLessWhileForcing_meetsTheNewDeadline() {
    VirtualPod pod = held(VirtualPod.policy());
    pod.drain(DrainReason.MANUAL);
    pod.advanceTo(DrainPhase.FORCING);

    pod.drain(DrainReason.SIGTERM, ms(100));
    pod.advance(ms(80));
    assertThat(pod.phase()).isEqualTo(DrainPhase.FORCING);
    pod.advance(ms(20));

    assertThat(pod.phase()).isEqualTo(DrainPhase.DRAINED);
  }

  @Test
  void drain_withinLessWhileLingering_endsTheLinger() throws Exception {
    VirtualPod pod = VirtualPod.serving(VirtualPod.policy().withLinger(s(3)));
    CompletionStage<DrainReport> done = pod.drain(DrainReason.MANUAL);
    pod.advanceTo(DrainPhase.DRAINED);
    assertThat(done.toCompletableFuture()).isNotDone();

    pod.drain(DrainReason.SIGTERM, Duration.ZERO);
    pod.advance(Times.TICK);

    assertThat(VirtualPod.done(done).phase()).isEqualTo(DrainPhase.DRAINED);
  }

  @Test
  void drain_withinZero_callsEverybodyAndThenCompletes() throws Exception {
    VirtualPod pod = VirtualPod.serving();
    List<FakeClient> clients = pod.stock(5);
    clients.get(0).work("order");
    FakeClient aware = pod.aware("a");

    CompletionStage<DrainReport> done = pod.drain(DrainReason.SIGTERM, Duration.ZERO);
    pod.advance(Times.TICK);

    DrainReport receipt = VirtualPod.done(done);
    assertThat(receipt.elapsed()).isEqualTo(Times.TICK);
    assertThat(receipt.phases().keySet())
        .containsExactlyInAnyOrder(
            DrainPhase.UNREADY, DrainPhase.MOVING, DrainPhase.SETTLING, DrainPhase.FORCING);
    assertThat(receipt.count(Outcome.FORCED)).isEqualTo(6);
    assertThat(receipt.workAbandoned()).isEqualTo(1);
    assertThat(receipt.addsUp()).isTrue();
    assertThat(clients)
        .allMatch(client -> client.closes.contains(CloseManner.FORCE))
        .allMatch(client -> client.handle().sealed());
    assertThat(aware.closes).contains(CloseManner.FORCE);
  }

  @Test
  void readinessDelay_ofWhichTheMinimumHasPassed_isGivenUpBeforeTheSettleGrace() {
    VirtualPod pod = held(VirtualPod.policy());
    pod.drain(DrainReason.MANUAL);
    pod.advanceTo(s(4));

    // One second of the delay is left, and two of five were to be kept: both have passed.
    pod.drain(DrainReason.SIGTERM, s(16));
    pod.advanceTo(DrainPhase.DRAINED);

    assertThat(pod.report().phases().get(DrainPhase.UNREADY)).isEqualTo(ms(4020));
    assertThat(pod.report().phases().get(DrainPhase.SETTLING)).isEqualTo(s(5));
  }

  @Test
  void lastSecond_isForMovingTooAndNotForForceAlone() {
    VirtualPod pod = VirtualPod.serving();
    List<FakeClient> clients = pod.stock(50);

    pod.drain(DrainReason.SIGTERM, s(1));
    pod.advance(s(1));

    assertThat(pod.phase()).isEqualTo(DrainPhase.DRAINED);
    assertThat(clients).allMatch(client -> client.closes.equals(List.of(CloseManner.LET_GO)));
    assertThat(clients.get(25).closedAt).isBetween(ms(180), ms(300));
    assertThat(clients.get(49).closedAt).isLessThan(ms(500));
  }

  @Test
  void hintGrace_inAShorterWindow_isKept() {
    VirtualPod pod = VirtualPod.serving();
    FakeClient client = pod.aware("c");

    pod.drain(
        DrainReason.SIGTERM, ms(5500)); // a window of five seconds, and half a second to force
    pod.advance(Times.TICK);

    assertThat(client.hints.get(0).grace()).isEqualTo(s(2));
  }

  @Test
  void hintGrace_inAVeryShortWindow_isHalfOfIt() {
    VirtualPod pod = VirtualPod.serving();
    FakeClient client = pod.aware("c");

    pod.drain(DrainReason.SIGTERM, ms(2200)); // a window of two seconds
    pod.advance(Times.TICK);

    assertThat(client.hints.get(0).grace()).isEqualTo(s(1));
    assertThat(client.closes).isEmpty();
    pod.advance(s(1));
    assertThat(client.closes).containsExactly(CloseManner.LET_GO);
  }

  @Test
  void compression_isLoggedWithBothTimes() {
    try (Log log = new Log()) {
      VirtualPod pod = held(VirtualPod.policy());
      pod.drain(DrainReason.MANUAL, s(4));
      assertThat(log.lines(LogCode.COMPRESSED))
          .containsExactly(
              "{\"code\":\"DRAIN-010\",\"phase\":\"UNREADY\",\"fromMs\":21000,\"toMs\":4000}");
    }
  }

  @Test
  void compression_whereNobodyHasLessTime_isNoWarning() {
    try (Log log = new Log()) {
      VirtualPod pod = VirtualPod.serving();
      pod.drain(DrainReason.SIGINT, s(0));
      assertThat(log.lines(LogCode.COMPRESSED)).hasSize(1);
      assertThat(log.warnings()).isEmpty();
      VirtualPod busy = VirtualPod.serving();
      busy.coordinator.work().begin("order");
      busy.drain(DrainReason.SIGINT, s(0));
      assertThat(log.warnings()).isNotEmpty();
    }
  }

  @Test
  void drain_withoutAReason_isRefusedAndBeginsNothing() {
    VirtualPod pod = VirtualPod.serving();
    assertThatThrownBy(() -> pod.coordinator.drain(null))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("reason");

    assertThat(pod.phase()).isEqualTo(DrainPhase.SERVING);
    assertThat(pod.coordinator.totals().triggers().values()).containsOnly(0L);
  }
}
