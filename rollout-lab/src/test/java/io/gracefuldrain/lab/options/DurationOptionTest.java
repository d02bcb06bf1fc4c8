package io.gracefuldrain.lab.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DurationOptionTest {
  @Test
  void parse_eachUnit_isRead() {
    assertThat(DurationOption.parse("500ms")).isEqualTo(Duration.ofMillis(500));
    assertThat(DurationOption.parse("0s")).isZero();
    assertThat(DurationOption.parse("2m")).isEqualTo(Duration.ofMinutes(2));
    assertThat(DurationOption.parse("3h")).isEqualTo(Duration.ofHours(3));
  }

  @ParameterizedTest
  @ValueSource(strings = {"3", "-1s", "3 h", "1d", "9999999s"})
  void parse_otherwise_isNamed(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DurationOption.parse(text))
        .withMessage("'" + text + "' (expected: a duration such as 500ms, 5s, 2m or 3h)");
  }
}
