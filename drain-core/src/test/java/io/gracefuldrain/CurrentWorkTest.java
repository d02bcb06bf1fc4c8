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
}
