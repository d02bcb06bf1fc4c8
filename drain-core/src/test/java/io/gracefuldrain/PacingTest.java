package io.gracefuldrain;

import static io.gracefuldrain.Times.ms;
import static io.gracefuldrain.Times.s;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pacing as functions of numbers. */
final class PacingTest {
  private static final long WINDOW = s(10).toNanos();
  private static final long TICK = StepLoop.TICK;

  /** The slots of a window: for each whole connection the time it goes. */
  private static List<Duration> slots(Pacing pacing, int count, long window, long tick) {
    List<Duration> slots = new ArrayList<>();
    long last = 0;
    boolean begun = false;
    for (long now = 0; slots.size() < count; now += tick) {
      assertThat(now).as("%d of %d went", slots.size(), count).isLessThan(window + tick);
      int remaining = count - slots.size();
      double quota = pacing.quota(remaining, window - now, begun ? now - last : -1);
      assertThat(quota).isBetween(0.0, (double) remaining);
      for (int i = 0; i < (int) quota; i++) {
        slots.add(Duration.ofNanos(now));
      }
      if (quota >= 1) {
        last = begun ? last + (long) ((now - last) * ((int) quota / quota)) : now;
        begun = true;
      }
    }
    return slots;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 10, 499, 500, 501, 1000, 10_000, 50_000})
  void even_overAWindow_fillsItWithoutPassingIt(int count) {
    List<Duration> slots = slots(Pacing.even(), count, WINDOW, TICK);

    assertThat(slots).hasSize(count);
    assertThat(slots.get(0)).isZero();
    long slot = WINDOW / count;
    for (int i = 0; i < count; i++) {
      assertThat(slots.get(i).toNanos())
          .as("slot %d", i)
          .isCloseTo(i * slot, within(2 * TICK + slot / 10));
    }
    assertThat(slots.get(count - 1)).isLessThan(Duration.ofNanos(WINDOW));
  }

  @Test
  void even_overAWindow_isAsHighAtItsEndAsAtItsBeginning() {
    List<Duration> slots = slots(Pacing.even(), 10_000, WINDOW, TICK);

    for (int second = 0; second < 10; second++) {
      Duration from = s(second);
      long inThisSecond =
          slots.stream()
              .filter(at -> at.compareTo(from) >= 0 && at.compareTo(from.plusSeconds(1)) < 0)
              .count();
      assertThat(inThisSecond).isBetween(970L, 1030L);
    }
  }

  @Test
  void even_afterAStall_letsGoOfAStallsWorthAtMost() {
    // Ten thousand over ten seconds are a hundred in a tenth of a second.
    double quota = Pacing.even().quota(5000, s(5).toNanos(), s(3).toNanos());
    assertThat(quota).isEqualTo(100);

    // After half the window nobody has gone: the rest is twice as fast, and no burst.
    assertThat(Pacing.even().quota(10_000, s(5).toNanos(), s(5).toNanos())).isEqualTo(200);
    assertThat(Pacing.even().quota(3, s(9).toNanos(), s(100).toNanos())).isEqualTo(1);
  }

  @Test
  void even_withAFraction_givesIt() {
    assertThat(Pacing.even().quota(10, s(10).toNanos(), ms(250).toNanos())).isEqualTo(0.25);
    assertThat(Pacing.even().quota(10, s(10).toNanos(), 0)).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"even", "rate:1", "rate:1000", "batch:1/1s", "batch:10/5ms"})
  void quota_onceTheWindowIsOver_isAll(String text) {
    Pacing pacing = Pacing.parse(text);
    assertThat(pacing.quota(1234, 0, ms(20).toNanos())).isEqualTo(1234);
    assertThat(pacing.quota(1234, -1, 0)).isEqualTo(1234);
    assertThat(pacing.quota(1234, -s(5).toNanos(), -1)).isEqualTo(1234);
  }

  @Test
  void rate_thatTheWindowHolds_isKept() {
    List<Duration> slots = slots(Pacing.atRate(30), 90, WINDOW, TICK);

    assertThat(slots.get(0)).isZero();
    for (int i = 0; i < 90; i++) {
      assertThat(slots.get(i).toNanos()).isCloseTo(i * 1_000_000_000L / 30, within(2 * TICK));
    }
  }

  @Test
  void rate_thatTheWindowDoesNotHold_isRaisedToMeetIt() {
    List<Duration> slots = slots(Pacing.atRate(30), 1000, WINDOW, TICK);

    assertThat(slots.get(999)).isBetween(ms(9900), s(10));
    assertThat(slots.get(500).toNanos()).isCloseTo(s(5).toNanos(), within(2 * TICK));
  }

  @Test
  void rate_afterAStall_letsGoOfAStallsWorthAtMost() {
    assertThat(Pacing.atRate(500).quota(1000, s(9).toNanos(), s(4).toNanos())).isEqualTo(50);
  }

  @Test
  void batches_ofAnExactMultiple_haveNoPauseTooMany() {
    // A hundred in fives are two batches, and the second is the last: there is no third interval.
    assertThat(slots(Pacing.inBatches(50, s(1)), 100, WINDOW, TICK))
        .containsOnly(Duration.ZERO, s(1))
        .filteredOn(s(1)::equals)
        .hasSize(50);
    // Eleven batches, the last at the very end, fit in ten intervals.
    List<Duration> full = slots(Pacing.inBatches(10, s(1)), 110, WINDOW, TICK);
    assertThat(full.get(109)).isEqualTo(s(10));
    assertThat(full).filteredOn(s(10)::equals).hasSize(10);
  }

  @Test
  void batches_thatTheWindowDoesNotHold_areLarger() {
    List<Duration> slots = slots(Pacing.inBatches(10, s(1)), 1100, WINDOW, TICK);

    for (int second = 0; second <= 10; second++) {
      assertThat(slots).filteredOn(s(second)::equals).hasSize(100);
    }
  }

  @Test
  void batches_moreOftenThanTicks_areNotSavedUpForTheEnd() {
    List<Duration> slots = slots(Pacing.inBatches(1, ms(5)), 2000, WINDOW, TICK);

    assertThat(slots.get(1000).toNanos()).isCloseTo(s(5).toNanos(), within(3 * TICK));
    long atTheEnd = slots.stream().filter(at -> at.compareTo(ms(9900)) >= 0).count();
    assertThat(atTheEnd).isLessThanOrEqualTo(40);
  }

  @Test
  void batches_afterAStall_areNotMadeGood() {
    assertThat(Pacing.inBatches(10, s(1)).quota(50, s(5).toNanos(), s(4).toNanos())).isEqualTo(10);
    assertThat(Pacing.inBatches(2, ms(10)).quota(100, s(9).toNanos(), s(9).toNanos()))
        .as("ten intervals are a stall's worth")
        .isEqualTo(20);
  }

  @ParameterizedTest
  @CsvSource({"even, even", "' EVEN ', even", "rate:500, rate:500", "batch:100/1s, batch:100/1s"})
  void parse_whatItPrints_isTheSame(String text, String printed) {
    assertThat(Pacing.parse(text)).hasToString(printed).isEqualTo(Pacing.parse(printed));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "fast           | fast (expected: even, rate:500 or batch:100/1s)",
        "rate:-5        | rate:-5 (expected: even, rate:500 or batch:100/1s)",
        "rate:0         | pacing rate: 0 (expected: >= 1)",
        "batch:0/1s     | pacing batch: 0 (expected: >= 1)",
        "batch:5/0s     | pacing interval: PT0S (expected: > 0 and <= 24h)",
        "batch:5/25h    | pacing interval: PT25H (expected: > 0 and <= 24h)",
        "batch:5/1d     | 1d (expected: a duration such as 500ms, 5s, 2m or 1h)",
        "rate:9999999999| rate:9999999999 (expected: even, rate:500 or batch:100/1s)",
      })
  void parse_ofSomethingElse_namesIt(String text, String message) {
    assertThatThrownBy(() -> Pacing.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }
}
