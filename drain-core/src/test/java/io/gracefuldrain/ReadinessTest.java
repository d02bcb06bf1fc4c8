package io.gracefuldrain;

import static org.assertj.core.api.Assertions.assertThat;

import io.gracefuldrain.DrainPolicy.Readiness;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ReadinessTest {
  @ParameterizedTest
  @CsvSource({
    // policy, reason, in Kubernetes, ready while UNREADY
    "KEEP, MANUAL,   true,  true",
    "KEEP, MANUAL,   false, true",
    "KEEP, PRE_STOP, true,  true",
    "KEEP, SIGTERM,  false, true",
    "FAIL, MANUAL,   true,  false",
    "FAIL, PRE_STOP, true,  false",
    "FAIL, SIGTERM,  true,  false",
    "FAIL, SIGTERM,  false, false",
    "AUTO, MANUAL,   true,  false",
    "AUTO, MANUAL,   false, false",
    "AUTO, PRE_STOP, true,  true",
    "AUTO, PRE_STOP, false, false",
    "AUTO, SIGTERM,  true,  true",
    "AUTO, SIGTERM,  false, false",
    "AUTO, SIGINT,   true,  true",
    "AUTO, SHUTDOWN, true,  true",
    "AUTO, SHUTDOWN, false, false",
  })
  void ready_whileUnready_followsTheRule(
      Readiness policy, DrainReason reason, boolean inKubernetes, boolean ready) {
    VirtualPod pod = new VirtualPod(VirtualPod.policy().withReadiness(policy), inKubernetes);
    pod.coordinator.started();
    assertThat(pod.coordinator.ready()).isTrue();

    pod.drain(reason);

    assertThat(pod.phase()).isEqualTo(DrainPhase.UNREADY);
    assertThat(pod.coordinator.ready()).isEqualTo(ready);
    assertThat(pod.report().ready()).isEqualTo(ready);
    pod.advanceTo(Times.s(5));
    assertThat(pod.coordinator.ready()).as("once connections are let go").isFalse();
  }

  @Test
  void ready_ofAPodThatNeverWas_isNotKept() {
    VirtualPod pod = new VirtualPod(VirtualPod.policy().withReadiness(Readiness.KEEP), true);

    pod.drain(DrainReason.SIGTERM);

    assertThat(pod.coordinator.ready()).isFalse();
    pod.coordinator.started();
    assertThat(pod.coordinator.ready()).isFalse();
  }

  @Test
  void ready_whenATerminationJoinsAManualDrain_staysFailing() {
    VirtualPod pod = VirtualPod.serving();
    pod.drain(DrainReason.MANUAL);

    pod.drain(DrainReason.SIGTERM);

    assertThat(pod.coordinator.ready()).isFalse();
  }

  @Test
  void ready_afterARecall_isGoodAgain() {
    VirtualPod pod = VirtualPod.serving();
    pod.drain(DrainReason.MANUAL);

    pod.coordinator.resume();

    assertThat(pod.coordinator.ready()).isTrue();
  }

  /** The startup probe is not behind the readiness probe: it may be asked right after it. */
  @Test
  void hasStarted_whileItIsToldThatThePodServes_isTrue() {
    VirtualPod pod = new VirtualPod(VirtualPod.policy(), true);
    List<Boolean> started = new ArrayList<>();
    Supplier<Throwable> told =
        () -> {
          started.add(pod.coordinator.ready() && pod.coordinator.hasStarted());
          return new IllegalStateException("the disk is full");
        };
    try (FailingLog log = new FailingLog(told)) {
      assertThat(pod.coordinator.hasStarted()).isFalse();
      pod.coordinator.started();
      assertThat(log.failures()).isPositive();
    }

    assertThat(started).isNotEmpty().containsOnly(true);
  }

  @Test
  void probes_ofAClosedCoordinator_fail() {
    VirtualPod pod = VirtualPod.serving();
    assertThat(pod.coordinator.alive()).isTrue();

    pod.close();

    assertThat(pod.coordinator.ready()).isFalse();
    assertThat(pod.coordinator.alive()).isFalse();
  }
}
