package io.gracefuldrain;

import static io.gracefuldrain.Times.s;
import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class StepFailuresTest {
  private @Nullable RuntimeException failure;

  private VirtualPod failing(DrainPolicy policy) {
    VirtualPod pod =
        new VirtualPod(policy, true, (clock, journal) -> new FailingCaller(() -> failure));
    pod.coordinator.started();
    return pod;
  }

  @Test
  void drain_whoseStepsFail_logsEachKindOnce_andComesToItsEnd() {
    failure = new IllegalStateException("one");
    try (Log log = new Log()) {
      VirtualPod pod = failing(VirtualPod.policy());
      FakeClient client = pod.stock("c");
      pod.drain(DrainReason.SIGTERM);
      pod.advance(s(5));
      assertThat(log.lines(LogCode.STEP_FAILED)).hasSize(1);

      failure = new IllegalArgumentException("another");
      pod.advance(s(55));
      assertThat(log.lines(LogCode.STEP_FAILED)).hasSize(2);
      assertThat(pod.phase()).isEqualTo(DrainPhase.DRAINED);
      assertThat(client.closes).isNotEmpty();
    }
  }

  @Test
  void crashPlans_thatFail_logEachKindOnce_untilTheRoundIsOver() {
    failure = new IllegalStateException("one");
    try (Log log = new Log()) {
      VirtualPod pod = failing(VirtualPod.policy().withCrashRate(1));
      pod.aware("a");
      pod.aware("b");
      pod.advance(s(10));
      assertThat(log.lines(LogCode.STEP_FAILED)).hasSize(1);

      failure = new IllegalArgumentException("another");
      pod.advance(s(10));
      assertThat(log.lines(LogCode.STEP_FAILED)).hasSize(2);

      failure = null;
      pod.advance(s(10)); // the round is over, and the next one tells anew
      failure = new IllegalStateException("one");
      pod.aware("c");
      pod.aware("d");
      pod.aware("e");
      pod.aware("f");
      pod.advance(s(10));
      assertThat(log.lines(LogCode.STEP_FAILED)).hasSize(3);
    }
  }
}
