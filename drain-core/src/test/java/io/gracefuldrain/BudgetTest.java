package io.gracefuldrain;

import static io.gracefuldrain.Times.ms;
import static io.gracefuldrain.Times.s;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class BudgetTest {
  private static final Budget WHOLE = spans(2000, 5000, 10_000, 2000, 5000, 1000, 3000);

  private static Budget spans(
      long min, long delay, long window, long hint, long settle, long force, long linger) {
    return new Budget(
        ms(min).toNanos(),
        ms(delay).toNanos(),
        ms(window).toNanos(),
        ms(hint).toNanos(),
        ms(settle).toNanos(),
        ms(force).toNanos(),
        ms(linger).toNanos());
  }

  @ParameterizedTest
  @CsvSource({
    // budget: min, delay, window, hint, settle, force, linger
    "30000, 2000, 5000, 10000, 2000, 5000, 1000, 3000",
    "24000, 2000, 5000, 10000, 2000, 5000, 1000, 3000",
    "22000, 2000, 5000, 10000, 2000, 5000, 1000, 1000",
    "21000, 2000, 5000, 10000, 2000, 5000, 1000, 0",
    "20000, 2000, 4000, 10000, 2000, 5000, 1000, 0",
    "18000, 2000, 2000, 10000, 2000, 5000, 1000, 0",
    "15000, 2000, 2000, 10000, 2000, 2000, 1000, 0",
    "13000, 2000, 2000, 10000, 2000, 0,    1000, 0",
    "12000, 1000, 1000, 10000, 2000, 0,    1000, 0",
    "11000, 0,    0,    10000, 2000, 0,    1000, 0",
    "5500,  0,    0,    5000,  2000, 0,    500,  0",
    "1100,  0,    0,    1000,  500,  0,    100,  0",
    "0,     0,    0,    0,     0,    0,    0,    0",
  })
  void fit_intoABudget_givesUpInTheDeclaredOrder(
      long budget,
      long min,
      long delay,
      long window,
      long hint,
      long settle,
      long force,
      long linger) {
    assertThat(WHOLE.fit(ms(budget).toNanos()))
        .isEqualTo(spans(min, delay, window, hint, settle, force, linger));
  }

  @Test
  void fit_whenItFits_isTheSame() {
    assertThat(WHOLE.fit(WHOLE.total())).isSameAs(WHOLE);
    assertThat(WHOLE.fit(Long.MAX_VALUE)).isSameAs(WHOLE);
  }

  @Test
  void fit_aNegativeBudget_isNothing() {
    assertThat(WHOLE.fit(-1).total()).isZero();
    assertThat(WHOLE.fit(Long.MIN_VALUE + 1).total()).isZero();
  }

  @Test
  void fit_ofAnything_isExactAndStaysInOrder() {
    Random random = new Random(7);
    for (int run = 0; run < 20_000; run++) {
      long[] parts = random.longs(5, 0, s(86_400).toNanos()).toArray();
      long min = (long) (parts[0] * random.nextDouble());
      long hint = (long) (parts[1] * random.nextDouble());
      if (run % 3 == 0) {
        parts[random.nextInt(5)] = 0;
        min = Math.min(min, parts[0]);
        hint = Math.min(hint, parts[1]);
      }
      Budget whole = new Budget(min, parts[0], parts[1], hint, parts[2], parts[3], parts[4]);
      long budget = (long) (whole.total() * random.nextDouble());

      Budget fitted = whole.fit(budget);

      assertThat(fitted.total()).as("%s in %d", whole, budget).isBetween(budget - 1, budget);
      assertThat(fitted.moveWindow()).isBetween(0L, whole.moveWindow());
      assertThat(fitted.hintGrace()).isBetween(0L, fitted.moveWindow());
      assertThat(fitted.readinessMin()).isBetween(0L, fitted.readinessDelay());
      assertThat(fitted.forceTimeout()).isBetween(0L, whole.forceTimeout());
      assertThat(fitted.settleGrace()).isBetween(0L, whole.settleGrace());
      assertThat(fitted.linger()).isBetween(0L, whole.linger());
      assertThat(fitted.fit(budget)).as("fitting again").isEqualTo(fitted);
    }
  }

  @ParameterizedTest
  @CsvSource({
    // phase, left: min, delay, window, hint, settle, force, linger
    "SERVING,  0,    2000, 5000, 10000, 2000, 5000, 1000, 3000",
    "UNREADY,  5000, 2000, 5000, 10000, 2000, 5000, 1000, 3000",
    "UNREADY,  4000, 1000, 4000, 10000, 2000, 5000, 1000, 3000",
    "UNREADY,  1000, 0,    1000, 10000, 2000, 5000, 1000, 3000",
    "UNREADY,  -500, 0,    0,    10000, 2000, 5000, 1000, 3000",
    "MOVING,   4000, 0,    0,    4000,  2000, 5000, 1000, 3000",
    "MOVING,   500,  0,    0,    500,   500,  5000, 1000, 3000",
    "SETTLING, 2000, 0,    0,    0,     0,    2000, 1000, 3000",
    "FORCING,  700,  0,    0,    0,     0,    0,    700,  3000",
    "DRAINED,  1200, 0,    0,    0,     0,    0,    0,    1200",
    "DRAINED,  -1,   0,    0,    0,     0,    0,    0,    0",
  })
  void from_aPhase_isWhatIsToCome(
      DrainPhase phase,
      long left,
      long min,
      long delay,
      long window,
      long hint,
      long settle,
      long force,
      long linger) {
    assertThat(WHOLE.from(phase, ms(left).toNanos()))
        .isEqualTo(spans(min, delay, window, hint, settle, force, linger));
  }

  @ParameterizedTest
  @CsvSource({
    // settle, hint: goodbye
    "5000, 2000, 0",
    "1000, 2000, 0",
    "400,  2000, 600",
    "0,    2000, 1000",
    "0,    500,  500",
  })
  void goodbye_isTheSecondThatTheSettleGraceDoesNotHave(long settle, long hint, long expected) {
    assertThat(spans(0, 0, 10_000, hint, settle, 1000, 0).goodbye())
        .isEqualTo(ms(expected).toNanos());
  }

  @ParameterizedTest
  @EnumSource(DrainPhase.class)
  void of_aPhase_isItsPart(DrainPhase phase) {
    long expected =
        switch (phase) {
          case STARTING, SERVING -> 0;
          case UNREADY -> 5000;
          case MOVING -> 10_000;
          case SETTLING -> 5000;
          case FORCING -> 1000;
          case DRAINED -> 3000;
        };
    assertThat(WHOLE.of(phase)).isEqualTo(ms(expected).toNanos());
  }
}
