package io.gracefuldrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class DurationsTest {
  @ParameterizedTest
  @CsvSource({"0s, PT0S", "500ms, PT0.5S", "5s, PT5S", "2m, PT2M", "1h, PT1H", "' 7s ', PT7S"})
  void parse_ofEachUnit_isRead(String text, Duration expected) {
    assertThat(Durations.parse(text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "5", "s", "-1s", "5 s", "5S", "1.5s", "1m30s", "9999999999999s", "5d"})
  void parse_ofSomethingElse_isRefused(String text) {
    assertThatThrownBy(() -> Durations.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(text + " (expected: a duration such as 500ms, 5s, 2m or 1h)");
  }

  @ParameterizedTest
  @CsvSource({"PT0S, 0s", "PT0.5S, 500ms", "PT90S, 90s", "PT1M0.001S, 60001ms"})
  void format_isReadBackTheSame(Duration duration, String text) {
    assertThat(Durations.format(duration)).isEqualTo(text);
    assertThat(Durations.parse(text)).isEqualTo(duration);
  }

  @Test
  void nanos_ofMoreThanALongHolds_isItsEnd() {
    assertThat(Durations.nanos(Duration.ofSeconds(3))).isEqualTo(3_000_000_000L);
    assertThat(Durations.nanos(Duration.ofSeconds(Long.MAX_VALUE))).isEqualTo(Long.MAX_VALUE);
    assertThat(Durations.nanos(Duration.ofSeconds(Long.MIN_VALUE))).isEqualTo(Long.MIN_VALUE);
  }
}
