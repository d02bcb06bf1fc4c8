package io.gracefuldrain;

import static io.gracefuldrain.Times.s;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gracefuldrain.DrainPolicy.Handshakes;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Which connections are admitted, and how late ones end. */
final class AdmissionTest {
  /** A pod held in each phase by a client that does not go. */
  private static VirtualPod heldIn(DrainPhase phase, DrainPolicy policy) {
    VirtualPod pod = VirtualPod.serving(policy);
    pod.stock("holder").stubborn().work("endless");
    if (phase != DrainPhase.SERVING) {
      pod.drain(DrainReason.MANUAL);
      pod.advanceTo(phase);
    }
    return pod;
  }

  @ParameterizedTest
  @CsvSource({
    "SERVING,  true,  true",
    "UNREADY,  true,  true",
    "MOVING,   false, true",
    "SETTLING, false, true",
    "FORCING,  false, false",
    "DRAINED,  false, false",
  })
  void admits_inEachPhase_followsThePolicy(DrainPhase phase, boolean refusing, boolean admitting) {
    assertThat(heldIn(phase, VirtualPod.policy()).coordinator.admits()).isEqualTo(refusing);
    assertThat(
            heldIn(phase, VirtualPod.policy().withHandshakes(Handshakes.ADMIT))
                .coordinator
                .admits())
        .isEqualTo(admitting);
  }

  @Test
  void admits_whileStarting_isTrue() {
    assertThat(new VirtualPod(VirtualPod.policy(), true).coordinator.admits()).isTrue();
  }

  @Test
  void admit_withATicketOfThisVeryPod_onlyWhenItServes() {
    String own = new Ticket("pod-a", "g1", "", 1, "c").encode();
    String other = new Ticket("pod-b", "g1", "", 1, "c").encode();
    String before = new Ticket("pod-a", "g0", "", 1, "c").encode();

    DrainCoordinator serving = heldIn(DrainPhase.SERVING, VirtualPod.policy()).coordinator;
    assertThat(serving.admit(own)).isTrue();

    DrainCoordinator unready = heldIn(DrainPhase.UNREADY, VirtualPod.policy()).coordinator;
    assertThat(unready.admit(own)).isFalse();
    assertThat(unready.admit(other)).isTrue();
    assertThat(unready.admit(before)).isTrue();
    assertThat(unready.admit("no ticket")).isTrue();
    assertThat(unready.admit(null)).isTrue();

    DrainPolicy admitting = VirtualPod.policy().withHandshakes(Handshakes.ADMIT);
    assertThat(heldIn(DrainPhase.MOVING, admitting).coordinator.admit(own)).isFalse();
    assertThat(heldIn(DrainPhase.MOVING, admitting).coordinator.admit(other)).isTrue();
    assertThat(heldIn(DrainPhase.MOVING, VirtualPod.policy()).coordinator.admit(other)).isFalse();
  }

  @Test
  void admit_withATicketOfAnEarlierProcessOfTheSameName_isAdmittedInTheLameDuck() {
    DrainCoordinator restarted = heldIn(DrainPhase.UNREADY, VirtualPod.policy()).coordinator;
    String own = new Ticket("pod-a", "g1", restarted.processEpoch(), 1, "c").encode();
    String earlier = new Ticket("pod-a", "g1", "earlier", 1, "c").encode();

    assertThat(restarted.admit(own)).isFalse();
    assertThat(restarted.admit(earlier)).isTrue();
  }

  @Test
  void admit_whereACookieHoldsClients_refusesOwnTicketsWhileItServesToo() {
    VirtualPod pod = VirtualPod.serving(VirtualPod.policy().withAffinityCookie("route"));
    DrainCoordinator serving = pod.coordinator;
    String own = new Ticket("pod-a", "g1", serving.processEpoch(), 0, "c").encode();
    String earlier = new Ticket("pod-a", "g1", "earlier", 0, "c").encode();

    assertThat(serving.admit(own)).isFalse();
    assertThat(serving.admit(earlier)).isTrue();
    assertThat(serving.admit(null)).isTrue();
    assertThat(pod.report().shedCameBack()).isOne();
  }

  @Test
  void processEpoch_ofTwoProcesses_differs() {
    assertThat(VirtualPod.serving().coordinator.processEpoch())
        .isNotEqualTo(VirtualPod.serving().coordinator.processEpoch());
  }

  @Test
  void admit_thatRefuses_isCountedForItsDrainAndInTheTotals() {
    VirtualPod pod = heldIn(DrainPhase.MOVING, VirtualPod.policy());
    pod.coordinator.admit(null);
    pod.coordinator.resume();
    assertThat(pod.coordinator.admit(null)).isTrue();
    pod.drain(DrainReason.MANUAL);
    pod.advanceTo(DrainPhase.MOVING);
    pod.coordinator.admit(null);
    pod.coordinator.admits();
    pod.coordinator.admit("a ticket");

    assertThat(pod.report().handshakesRefused()).isEqualTo(2);
    assertThat(pod.coordinator.totals().handshakesRefused()).isEqualTo(3);
  }

  @Test
  void register_ofAConnectionThatIsBusyFromTheStart_letsItGoWhenItsHandshakeIsDone() {
    VirtualPod pod = heldIn(DrainPhase.MOVING, VirtualPod.policy());
    AtomicReference<WorkLease> handshake = new AtomicReference<>();
    FakeClient client =
        pod.coordinator.register(
            handle -> {
              handshake.set(handle.begin("handshake"));
              return new FakeClient("c", false, pod.clock).with(handle);
            });
    pod.advance(s(1));
    assertThat(client.closes).isEmpty();
    assertThat(pod.report().workInFlight()).as("the holder's and its own").isEqualTo(2);

    handshake.get().close();

    assertThat(client.closes).containsExactly(CloseManner.LET_GO);
    assertThat(pod.report().late()).isEqualTo(1);
  }

  @Test
  void register_ofAConnectionThatHasLeftMeanwhile_tracksNothing() {
    for (DrainPhase phase : List.of(DrainPhase.SERVING, DrainPhase.MOVING)) {
      VirtualPod pod = heldIn(phase, VirtualPod.policy());
      int before = pod.report().connections();
      pod.coordinator.register(
          handle -> {
            handle.left(Departure.SILENT);
            return new FakeClient("c", false, pod.clock).with(handle);
          });

      assertThat(pod.report().connections()).isEqualTo(before);
    }
  }

  @Test
  void register_ofABusyConnectionThatHasLeftMeanwhile_tracksItsWork() {
    for (DrainPhase phase : List.of(DrainPhase.SERVING, DrainPhase.MOVING)) {
      VirtualPod pod = heldIn(phase, VirtualPod.policy());
      int before = pod.report().connections();
      int working = pod.report().workInFlight();
      FakeClient client =
          pod.coordinator.register(
              handle -> {
                handle.begin("handshake");
                handle.left(Departure.SILENT);
                return new FakeClient("c", false, pod.clock).with(handle);
              });

      assertThat(pod.report().connections()).isEqualTo(before);
      assertThat(pod.report().workInFlight()).isEqualTo(working + 1);
      assertThat(client.handle().tryEnter()).as("a dispatch of one that has left").isFalse();
    }
  }

  @Test
  void register_ofAnIdleConnectionThatHasLeftMeanwhile_sealsIt() {
    VirtualPod pod = VirtualPod.serving();
    FakeClient client =
        pod.coordinator.register(
            handle -> {
              handle.left(Departure.SILENT);
              return new FakeClient("c", false, pod.clock).with(handle);
            });

    assertThat(client.handle().tryEnter()).isFalse();
    assertThat(client.handle().tryBegin("order")).isNull();
  }

  @Test
  void aware_saidBeforeRegistration_isHintedInItsSlot() {
    VirtualPod pod = VirtualPod.serving();
    FakeClient client =
        pod.coordinator.register(
            handle -> {
              handle.aware();
              return new FakeClient("c", false, pod.clock).stubborn().with(handle);
            });
    pod.drain(DrainReason.MANUAL);
    pod.advanceTo(s(5));

    assertThat(client.hints).hasSize(1);
    assertThat(client.closes).isEmpty();
  }

  @Test
  void aware_saidAfterRegistration_isHintedInItsSlot() {
    VirtualPod pod = VirtualPod.serving();
    FakeClient client = pod.stock("c").stubborn();
    client.handle().aware();
    pod.drain(DrainReason.MANUAL);
    pod.advanceTo(s(5));

    assertThat(client.hints).hasSize(1);
    assertThat(client.closes).isEmpty();
  }

  @Test
  void register_beforeConnectionsAreLetGo_waitsForASlotLikeTheOthers() {
    VirtualPod pod = heldIn(DrainPhase.UNREADY, VirtualPod.policy());
    FakeClient client = pod.stock("new");

    pod.advance(s(1));

    assertThat(client.closes).isEmpty();
    assertThat(pod.report().tracked()).isEqualTo(2);
    assertThat(pod.report().late()).isZero();
    pod.advanceTo(DrainPhase.SETTLING);
    assertThat(client.closes).containsExactly(CloseManner.LET_GO);
    assertThat(pod.report().count(Outcome.CLOSED)).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource(
      value = DrainPhase.class,
      names = {"MOVING", "SETTLING"})
  void register_whileConnectionsAreLetGo_isLetGoAtOnce(DrainPhase phase) {
    VirtualPod pod = heldIn(phase, VirtualPod.policy());
    FakeClient stock = pod.stock("stock");
    FakeClient aware = pod.aware("aware");

    pod.advance(Times.TICK);

    assertThat(stock.closes).containsExactly(CloseManner.LET_GO);
    assertThat(aware.closes).containsExactly(CloseManner.LET_GO);
    assertThat(aware.hints).isEmpty();
    assertThat(pod.report().late()).isEqualTo(2);
    assertThat(pod.report().tracked()).isEqualTo(3);
    assertThat(pod.report().count(Outcome.CLOSED)).isEqualTo(2);
    assertThat(pod.report().addsUp()).isTrue();
  }

  @Test
  void register_lateAndBusy_isLetGoWhenItsWorkIsDone() {
    VirtualPod pod = heldIn(DrainPhase.MOVING, VirtualPod.policy());
    FakeClient client = pod.stock("late");
    WorkLease order = client.work("order");
    pod.advance(s(1));
    assertThat(client.closes).isEmpty();

    order.close();
    pod.advance(Times.TICK);

    assertThat(client.closes).containsExactly(CloseManner.LET_GO);
  }

  @Test
  void register_whileForcing_isForced() {
    VirtualPod pod = heldIn(DrainPhase.FORCING, VirtualPod.policy());
    FakeClient client = pod.stock("late");

    pod.advance(Times.TICK);

    assertThat(client.closes).containsExactly(CloseManner.FORCE);
    pod.advanceTo(DrainPhase.DRAINED);
    assertThat(pod.report().count(Outcome.FORCED)).isEqualTo(2);
    assertThat(pod.report().addsUp()).isTrue();
  }

  @Test
  void register_afterTheReceipt_isForcedAndCountedInTheStatus() {
    VirtualPod pod = heldIn(DrainPhase.DRAINED, VirtualPod.policy());
    pod.advance(s(1));
    assertThat(pod.clock.idle()).isTrue();

    FakeClient client = pod.stock("late");
    assertThat(pod.report().remaining()).isEqualTo(1);
    assertThat(pod.report().addsUp()).isTrue();
    pod.advance(Duration.ZERO);

    assertThat(client.closes).containsExactly(CloseManner.FORCE);
    assertThat(pod.report().tracked()).isEqualTo(2);
    assertThat(pod.report().late()).isEqualTo(1);
    assertThat(pod.report().count(Outcome.FORCED)).isEqualTo(2);
    assertThat(pod.report().addsUp()).isTrue();
    pod.advance(Times.TICK);
    assertThat(pod.clock.idle()).isTrue();
  }

  @Test
  void register_ofNothing_isRefusedByName() {
    VirtualPod pod = VirtualPod.serving();
    assertThatThrownBy(() -> pod.coordinator.register((DrainableConnection) null))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("connection");
  }
}
