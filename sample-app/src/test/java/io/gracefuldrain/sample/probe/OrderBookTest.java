package io.gracefuldrain.sample.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class OrderBookTest {
  private final OrderBook orders = new OrderBook(3, 1_000, 100);

  @Test
  void take_eachInterval_oneIsPlaced() {
    assertThat(orders.take(999)).isNull();
    assertThat(orders.take(1_000)).isEqualTo("3-1");
    orders.answered("3-1", "3-1");
    assertThat(orders.take(1_099)).isNull();
    assertThat(orders.take(1_100)).isEqualTo("3-2");
    assertCounts(2, 1, 0);
  }

  @Test
  void take_oneInFlight_waitsForItsAnswer() {
    assertThat(orders.take(1_000)).isEqualTo("3-1");
    assertThat(orders.take(1_100)).isNull();
    assertThat(orders.answered("3-1", "3-1")).isTrue();
    assertThat(orders.take(1_120)).isEqualTo("3-2");
  }

  @Test
  void take_dueSeveralTimes_isPlacedOnceAndTheScheduleGoesOn() {
    assertThat(orders.take(1_550)).isEqualTo("3-1");
    orders.answered("3-1", "3-1");
    assertThat(orders.take(1_599)).isNull();
    assertThat(orders.take(1_600)).isEqualTo("3-2");
  }

  @Test
  void take_noInterval_never() {
    OrderBook none = new OrderBook(3, 1_000, 0);
    assertThat(none.take(1_000_000)).isNull();
    assertThat(none.placed()).isZero();
  }

  @Test
  void disconnected_oneInFlight_isCutAndNotPlacedAgain() {
    orders.take(1_000);
    assertThat(orders.disconnected()).isTrue();
    assertThat(orders.take(1_050)).isNull();
    assertThat(orders.take(1_100)).isEqualTo("3-2");
    assertThat(orders.answered("3-1", "3-1")).isFalse();
    assertCounts(2, 0, 1);
  }

  @Test
  void disconnected_noneInFlight_cutsNothing() {
    orders.take(1_000);
    orders.answered("3-1", "3-1");
    assertThat(orders.disconnected()).isFalse();
    assertCounts(1, 1, 0);
  }

  @Test
  void answered_twiceOrUnplaced_isRefused() {
    orders.take(1_000);
    assertThat(orders.answered("3-2", "3-2")).isFalse();
    assertThat(orders.answered("3-1", "3-1")).isTrue();
    assertThat(orders.answered("3-1", "3-1")).isFalse();
    assertCounts(1, 1, 0);
  }

  @Test
  void answered_otherwise_isNeitherDoneNorCutNorInFlight() {
    orders.take(1_000);
    assertThat(orders.answered("3-1", null)).isFalse();
    assertThat(orders.disconnected()).isFalse();
    assertCounts(1, 0, 0);
  }

  @Test
  void end_inFlight_staysOpenAndNothingNewIsPlaced() {
    orders.take(1_000);
    orders.end(1_050);
    assertCounts(1, 0, 0);
    orders.answered("3-1", "3-1");
    assertThat(orders.take(9_000)).isNull();
    assertCounts(1, 1, 0);
  }

  private void assertCounts(long placed, long done, long cut) {
    assertThat(List.of(orders.placed(), orders.done(), orders.cut()))
        .containsExactly(placed, done, cut);
  }
}
