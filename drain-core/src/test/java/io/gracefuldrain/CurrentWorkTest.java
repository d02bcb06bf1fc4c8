package io.gracefuldrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Whose work a thread does. */
final class CurrentWorkTest {
  private final VirtualPod pod = VirtualPod.serving();
  private final WorkGate outer = pod.stock("outer").handle();
  private final WorkGate inner = pod.stock("inner").handle();

  @Test
  void gate_inNestedWork_isTheInnermostAndThenTheOneBefore() {
    List<@Nullable WorkGate> seen = new ArrayList<>();
    CurrentWork.during(
        outer,
        () -> {
          CurrentWork.during(inner, () -> seen.add(CurrentWork.gate()));
          seen.add(CurrentWork.gate());
        });
    seen.add(CurrentWork.gate());
    assertThat(seen).containsExactly(inner, outer, null);
  }

  @Test
  void gate_afterWorkThatFailed_isNobodys() {
    IllegalStateException failure = new IllegalStateException("of the handler");
    assertThatThrownBy(
            () ->
                CurrentWork.during(
                    outer,
                    () -> {
                      throw failure;
                    }))
        .isSameAs(failure);
    assertThat(CurrentWork.gate()).isNull();
  }

  // ---------------------------------------------------------------- leases

  @Test
  void endLeases_inWorkOfAnyForm_endsThatOfTheThreadAndNoOther() throws Exception {
    WorkGate gate = pod.coordinator.work();
    WorkLease other = gate.begin("another thread's");
    List<Integer> left = new ArrayList<>();
    Runnable task =
        () -> {
          CurrentWork.endLeases();
          left.add(gate.inFlight());
        };
    gate.run("ran", task);
    gate.call(
        "called",
        () -> {
          task.run();
          return 1;
        });
    gate.wrap("handed over", Runnable::run).execute(task);
    outer.run("of a connection", () -> gate.run("inside of it", task));
    assertThat(left).containsExactly(1, 1, 1, 1);
    assertThat(outer.inFlight()).isZero();
    other.close();
    assertThat(gate.inFlight()).isZero();
  }

  @Test
  void endLeases_afterTheWork_endsNothing() {
    WorkLease lease = pod.coordinator.work().begin("order");
    CurrentWork.Scope scope = CurrentWork.holding(lease);
    CurrentWork.Scope nested = CurrentWork.holding(pod.coordinator.work().begin("part"));
    nested.close();
    scope.close();
    CurrentWork.endLeases();
    assertThat(pod.coordinator.work().inFlight()).isEqualTo(2);
  }

  @Test
  void drain_waitedForInWork_doesNotWaitForThatWork() {
    pod.coordinator
        .work()
        .run(
            "asks for the end",
            () -> {
              CurrentWork.endLeases();
              pod.drain(DrainReason.SHUTDOWN);
              pod.advanceTo(DrainPhase.DRAINED);
            });
    assertThat(pod.report().workAbandoned()).isZero();
  }
}
