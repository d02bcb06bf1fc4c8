package io.gracefuldrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tasks as work in flight, of the pod and of a connection. */
final class WorkGateTest {
  enum Of {
    POD("the pod's work is sealed"),
    CONNECTION("connection c is sealed");

    final String sealed;

    Of(String sealed) {
      this.sealed = sealed;
    }

    WorkGate gate(VirtualPod pod, FakeClient client) {
      return this == POD ? pod.coordinator.work() : client.handle();
    }
  }

  private final VirtualPod pod = VirtualPod.serving();
  private final FakeClient client = pod.stock("c").stubborn();
  private final List<Integer> seen = new ArrayList<>();

  private void seal() {
    pod.drain(DrainReason.SIGTERM);
    pod.advanceTo(DrainPhase.SETTLING);
  }

  @ParameterizedTest
  @EnumSource
  void begin_withItsGateSealed_saysWhatIsSealed(Of of) {
    WorkGate gate = of.gate(pod, client);
    gate.begin("order").close();
    gate.begin("order", Times.s(1)).close();
    seal();

    assertThatThrownBy(() -> gate.begin("order"))
        .isInstanceOf(SealedException.class)
        .hasMessage(of.sealed + " (expected: an open one to begin order)");
    assertThatThrownBy(() -> gate.begin("order", Times.s(1))).isInstanceOf(SealedException.class);
  }

  @ParameterizedTest
  @EnumSource
  void run_andCall_areWorkInFlightUntilTheyEnd(Of of) throws Exception {
    WorkGate gate = of.gate(pod, client);
    gate.run("order", () -> seen.add(gate.inFlight()));
    assertThat(gate.<Integer>call("order", gate::inFlight)).isEqualTo(1);
    assertThatThrownBy(
            () ->
                gate.run(
                    "order",
                    () -> {
                      throw new AssertionError("burnt");
                    }))
        .hasMessage("burnt");

    assertThat(seen).containsExactly(1);
    assertThat(gate.inFlight()).isZero();
    seal();
    assertThatThrownBy(() -> gate.run("order", () -> seen.add(0)))
        .isInstanceOf(SealedException.class);
    assertThatThrownBy(() -> gate.call("order", () -> seen.add(0)))
        .isInstanceOf(SealedException.class);
    assertThat(seen).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource
  void wrap_holdsALeaseFromTheHandOverToTheEndOfEachTask(Of of) {
    WorkGate gate = of.gate(pod, client);
    Queue<Runnable> queue = new ArrayDeque<>();
    Executor orders = gate.wrap("order", queue::add);
    orders.execute(() -> seen.add(gate.inFlight()));
    orders.execute(
        () -> {
          throw new AssertionError("burnt");
        });
    assertThat(gate.inFlight()).isEqualTo(2);

    queue.remove().run();
    assertThat(seen).containsExactly(2);
    assertThat(gate.inFlight()).isEqualTo(1);
    assertThatThrownBy(() -> queue.remove().run()).hasMessage("burnt");

    assertThat(gate.inFlight()).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void wrap_ofAnExecutorThatRefuses_leavesNoLeaseBehind(Of of) {
    WorkGate gate = of.gate(pod, client);
    Executor orders =
        gate.wrap(
            "order",
            task -> {
              throw new RejectedExecutionException("full");
            });

    assertThatThrownBy(() -> orders.execute(() -> seen.add(0)))
        .isInstanceOf(RejectedExecutionException.class);

    assertThat(gate.inFlight()).isZero();
    seal();
    assertThatThrownBy(() -> orders.execute(() -> seen.add(0))).isInstanceOf(SealedException.class);
  }
}
