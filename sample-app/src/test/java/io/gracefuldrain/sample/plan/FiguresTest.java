package io.gracefuldrain.sample.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Counting: curves, spreads, and what is read from options. */
class FiguresTest {
  @Test
  void curve_countsEachStretch() {
    Curve curve = new Curve(10);
    for (int at : new int[] {5, 12, 14, 31, 32, 33, 45, 999}) {
      curve.add(at);
    }

    assertThat(curve.most()).isEqualTo(3);
    assertThat(curve.counts()).hasSize(100).startsWith(1, 2, 0, 3, 1, 0).endsWith(0, 1);
  }

  @Test
  void rush_isTheMostOfSecondsThatFollowEachOther() {
    Rush rush = new Rush();
    for (double at : new double[] {0.1, 0.2, 4.9, 5.0, 5.1, 5.2, 9.9, 30, 34, 35, 36}) {
      rush.add((long) (at * 1e9));
    }

    assertThat(rush.ofOneSecond()).isEqualTo(3);
    assertThat(rush.ofFiveSeconds()).isEqualTo(4); // from 4.9 to 5.2, and from 5 to 9.9
  }

  @Test
  void times_quantilesAreThoseOfAll() {
    Times times = new Times();
    for (int ms = 1; ms <= 100; ms++) {
      times.add(ms * 1_000_000L);
    }
    times.add(Duration.ofHours(1).toNanos());

    assertThat(times.spread()).isEqualTo(new Times.Spread(101, 51, 91, 100, 120_000));
    assertThat(new Times().spread()).isEqualTo(new Times.Spread(0, 0, 0, 0, 0));
  }

  @ParameterizedTest
  @CsvSource({"1, 40, 1", "25%, 40, 10", "25%, 10, 3", "100%, 7, 7", "9, 4, 4", "1%, 4, 1"})
  void surge_isANumberOrAShareRoundedUp(String text, int pods, int expected) {
    assertThat(Surge.parse(text).of(pods)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "0%", "-1", "a", "12345", "5 %"})
  void surge_otherwise_isNamed(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Surge.parse(text))
        .withMessage(
            "'" + text + "' (expected: a number of pods, or a share such as 25%, more than zero)");
  }

  @ParameterizedTest
  @CsvSource({"PT0S, 0s", "PT0.5S, 500ms", "PT90S, 90s", "PT2M, 2m", "PT3H, 3h"})
  void text_isAsItIsTyped(Duration duration, String expected) {
    assertThat(Options.text(duration)).isEqualTo(expected);
  }
}
