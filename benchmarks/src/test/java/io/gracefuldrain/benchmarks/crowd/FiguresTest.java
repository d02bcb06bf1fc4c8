package io.gracefuldrain.benchmarks.crowd;

import static org.assertj.core.api.Assertions.assertThat;

import io.gracefuldrain.lab.raw.Move;
import io.gracefuldrain.lab.raw.Moved;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class FiguresTest {
  private static final Duration WINDOW = Duration.ofSeconds(1);

  @Test
  void peakOverMean_isOneIfAllComeEvenly_andTenIfAllComeAtOnce() {
    assertThat(Figures.peakOverMean(new int[] {5, 5, 5, 5, 5, 5, 5, 5, 5, 5}, 50, WINDOW))
        .isEqualTo(1);
    assertThat(Figures.peakOverMean(new int[] {0, 50}, 50, WINDOW)).isEqualTo(10);
  }

  @Test
  void curve_countsFromTheMomentGiven() {
    assertThat(Figures.curve(List.of(ms(1000), ms(1099), ms(1250)), ms(1000)))
        .containsExactly(2, 0, 1);
    assertThat(Figures.curve(List.of(), 0)).isEmpty();
  }

  @Test
  void slotErrors_areFromEvenOnes() {
    assertThat(Figures.slotErrors(new long[] {0, 10, 20, 30})).containsOnly(0);
    assertThat(Figures.slotErrors(new long[] {0, 0, 20, 30})).containsExactly(0, 10, 0, 0);
    assertThat(Figures.slotErrors(new long[] {7})).containsExactly(7);
  }

  @Test
  void spread_hasTheMedianAndWhat99OfAHundredDoNotExceed() {
    DoubleStream hundred = DoubleStream.iterate(1, i -> i + 1).limit(100);
    assertThat(Figures.spread(hundred)).isEqualTo(new Quantiles(50, 99));
    assertThat(Figures.spread(DoubleStream.empty())).isEqualTo(new Quantiles(0, 0));
  }

  @Test
  void crowd_comparesTimeAwayWithTheClientsOwnBackOff() {
    Move prompt = new Move(ms(0), false, 1000, 0, ms(2), ms(1010));
    Move failed = new Move(ms(5), true, 500, 1, ms(3), ms(2005));
    Moved moved = new Moved(List.of(prompt, failed), List.of(), 1, 20, 18);

    Found.Crowd crowd = Figures.crowd(moved, 0);

    assertThat(crowd.awayRatio()).isEqualTo(new Quantiles(1.01, 4.0));
    assertThat(crowd.reset()).isEqualTo(1);
    assertThat(crowd.failedConnects()).isEqualTo(1);
    assertThat(crowd.unanswered()).isEqualTo(2);
  }

  @Test
  void arrivals_countFromTheFirstEnd_alsoWhereTheClockIsNegative() {
    long began = Long.MAX_VALUE - ms(50); // so that it overflows between
    Move first = new Move(began + ms(100), false, 1000, 0, 0, began + ms(1100));
    Move last = new Move(began + ms(600), false, 1000, 0, 0, began + ms(1600));
    List<Long> attempts = List.of(began + ms(1100), began + ms(1600));

    Found.Arrivals arrivals =
        Figures.arrivals(new Moved(List.of(last, first), attempts, 0, 0, 0), 2, WINDOW, began);

    assertThat(arrivals.firstCutMs()).isEqualTo(100);
    assertThat(arrivals.slotsMs()).isEqualTo(500);
    assertThat(arrivals.lastBackMs()).isEqualTo(1500);
    assertThat(arrivals.per100Ms()).hasSize(17);
  }

  private static long ms(long value) {
    return TimeUnit.MILLISECONDS.toNanos(value);
  }
}
