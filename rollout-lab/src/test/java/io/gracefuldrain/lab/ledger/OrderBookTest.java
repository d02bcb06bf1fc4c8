package io.gracefuldrain.lab.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class OrderBookTest {
  private static final String HERE = "here";

  private final OrderBook orders = new OrderBook(3, 1_000, 100);

  @Test
  void take_eachInterval_oneIsPlaced() {
    assertThat(orders.take(999, HERE)).isNull();
    assertThat(orders.take(1_000, HERE)).isEqualTo("3-1");
    orders.answered("3-1", "3-1");
    assertThat(orders.take(1_099, HERE)).isNull();
    assertThat(orders.take(1_100, HERE)).isEqualTo("3-2");
    assertCounts(2, 1, 0);
  }

  @Test
  void take_oneInFlight_waitsForItsAnswer() {
    assertThat(orders.take(1_000, HERE)).isEqualTo("3-1");
    assertThat(orders.take(1_100, HERE)).isNull();
    assertThat(orders.answered("3-1", "3-1")).isTrue();
    assertThat(orders.take(1_120, HERE)).isEqualTo("3-2");
  }

  @Test
  void take_dueSeveralTimes_isPlacedOnceAndTheScheduleGoesOn() {
    assertThat(orders.take(1_550, HERE)).isEqualTo("3-1");
    orders.answered("3-1", "3-1");
    assertThat(orders.take(1_599, HERE)).isNull();
    assertThat(orders.take(1_600, HERE)).isEqualTo("3-2");
  }

  @Test
  void take_noInterval_never() {
    OrderBook none = new OrderBook(3, 1_000, 0);
    assertThat(none.take(1_000_000, HERE)).isNull();
    assertThat(none.placed()).isZero();
  }

  @Test
  void disconnected_oneInFlight_isCutAndNotPlacedAgain() {
    orders.take(1_000, HERE);
    assertThat(orders.ended(HERE)).isTrue();
    assertThat(orders.take(1_050, HERE)).isNull();
    assertThat(orders.take(1_100, HERE)).isEqualTo("3-2");
    assertThat(orders.answered("3-1", "3-1")).isFalse();
    assertCounts(2, 0, 1);
  }

  @Test
  void disconnected_noneInFlight_cutsNothing() {
    orders.take(1_000, HERE);
    orders.answered("3-1", "3-1");
    assertThat(orders.ended(HERE)).isFalse();
    assertCounts(1, 1, 0);
  }

  @Test
  void answered_twiceOrUnplaced_isRefused() {
    orders.take(1_000, HERE);
    assertThat(orders.answered("3-2", "3-2")).isFalse();
    assertThat(orders.answered("3-1", "3-1")).isTrue();
    assertThat(orders.answered("3-1", "3-1")).isFalse();
    assertCounts(1, 1, 0);
  }

  @Test
  void answered_otherwise_isNeitherDoneNorCutNorInFlight() {
    orders.take(1_000, HERE);
    assertThat(orders.answered("3-1", null)).isFalse();
    assertThat(orders.ended(HERE)).isFalse();
    assertCounts(1, 0, 0);
  }

  @Test
  void end_inFlight_staysOpenAndNothingNewIsPlaced() {
    orders.take(1_000, HERE);
    orders.end(1_050);
    assertCounts(1, 0, 0);
    orders.answered("3-1", "3-1");
    assertThat(orders.take(9_000, HERE)).isNull();
    assertCounts(1, 1, 0);
  }

  private void assertCounts(long placed, long done, long cut) {
    assertThat(List.of(orders.placed(), orders.done(), orders.cut()))
        .containsExactly(placed, done, cut);
  }

  @Test
  void ended_another_cutsNothing() {
    OrderBook orders = new OrderBook(3, 1_000, 100);
    orders.take(1_000, HERE);
    assertThat(orders.ended("there")).isFalse();
    orders.redirected(HERE, "there");
    assertThat(orders.ended(HERE)).isFalse();
    assertThat(orders.ended("there")).isTrue();
  }
}
