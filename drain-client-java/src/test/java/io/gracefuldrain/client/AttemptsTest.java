package io.gracefuldrain.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AttemptsTest {
  @Test
  void pause_isDrawnFrom100To300Milliseconds() {
    assertThat(Attempts.pause(1, 5_000, 0)).hasValue(100);
    assertThat(Attempts.pause(1, 5_000, 0.5)).hasValue(200);
    assertThat(Attempts.pause(2, 5_000, Math.nextDown(1.0))).hasValue(300);
  }

  @Test
  void pause_afterTheThirdAttempt_isNone() {
    assertThat(Attempts.pause(3, 5_000, 0)).isEmpty();
  }

  @Test
  void pause_longerThanWhatIsLeft_isNone() {
    assertThat(Attempts.pause(1, 100, 0)).isEmpty();
    assertThat(Attempts.pause(1, 101, 0)).hasValue(100);
    assertThat(Attempts.pause(1, -1, 0)).isEmpty();
  }
}
