package io.gracefuldrain.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class AwaitTest {
  private static final Duration MOMENT = Duration.ofMillis(30);

  private final AtomicInteger looks = new AtomicInteger();

  @Test
  void until_comesTrue_returns() {
    Await.until("three looks", () -> looks.incrementAndGet() == 3);

    assertThat(looks).hasValue(3);
  }

  @Test
  void until_neverTrue_saysHowThingsStandAtTheEnd() {
    assertThatExceptionOfType(AssertionError.class)
        .isThrownBy(
            () ->
                Await.until(
                    () -> looks + " looks",
                    MOMENT,
                    () -> looks.incrementAndGet() == Integer.MIN_VALUE))
        .withMessageMatching("not within PT0\\.03S: [1-9][0-9]* looks");
  }

  @Test
  void staysSo_alwaysTrue_takesTheWholeTime() {
    long begun = System.nanoTime();

    assertThatNoException().isThrownBy(() -> Await.staysSo("so", MOMENT, () -> true));

    assertThat(System.nanoTime() - begun).isGreaterThanOrEqualTo(MOMENT.toNanos());
  }

  @Test
  void staysSo_falseOnce_fails() {
    assertThatExceptionOfType(AssertionError.class)
        .isThrownBy(() -> Await.staysSo("quiet", MOMENT, () -> looks.incrementAndGet() != 2))
        .withMessageMatching("not any more after [0-9]+ of 30 ms: quiet");
  }

  @Test
  void interrupted_whileWaiting_failsAtOnce() {
    Thread.currentThread().interrupt();
    try {
      assertThatExceptionOfType(AssertionError.class)
          .isThrownBy(() -> Await.until("never", () -> false))
          .withMessage("interrupted while waiting: never");
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }
}
