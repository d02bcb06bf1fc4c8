package io.gracefuldrain;

import static io.gracefuldrain.Times.ms;
import static io.gracefuldrain.Times.s;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class HistogramTest {
  @Test
  void spread_ofNothing_isZero() {
    assertThat(new Histogram().spread())
        .isEqualTo(new DrainReport.Spread(0, Duration.ZERO, Duration.ZERO, Duration.ZERO));
  }

  @Test
  void spread_ofOne_isThatOne() {
    for (Duration one : new Duration[] {Duration.ZERO, Duration.ofNanos(300), ms(7), s(86_400)}) {
      Histogram histogram = new Histogram();
      histogram.record(one.toNanos());
      assertThat(histogram.spread()).isEqualTo(new DrainReport.Spread(1, one, one, one));
    }
  }

  @Test
  void spread_ofMany_isWithinATenth() {
    Random random = new Random(11);
    for (int run = 0; run < 50; run++) {
      Histogram histogram = new Histogram();
      long[] values =
          random
              .doubles(1 + random.nextInt(2000))
              .mapToLong(x -> (long) (1e6 * Math.pow(10, 5 * x)))
              .toArray();
      for (long value : values) {
        histogram.record(value);
      }
      Arrays.sort(values);

      DrainReport.Spread spread = histogram.spread();

      assertThat(spread.count()).isEqualTo(values.length);
      assertThat(spread.max()).isEqualTo(Duration.ofNanos(values[values.length - 1]));
      assertWithinATenth(spread.p50(), values[(int) Math.ceil(values.length * 0.5) - 1]);
      assertWithinATenth(spread.p99(), values[(int) Math.ceil(values.length * 0.99) - 1]);
    }
  }

  private static void assertWithinATenth(Duration found, long exact) {
    assertThat((double) found.toNanos()).isBetween(exact * 0.999, exact * 1.101);
  }

  @Test
  void record_ofTheLongestThereIs_isTheMaximum() {
    Histogram histogram = new Histogram();
    histogram.record(Long.MAX_VALUE);
    histogram.record(0);
    assertThat(histogram.spread().max()).isEqualTo(Duration.ofNanos(Long.MAX_VALUE));
    assertThat(histogram.spread().p50()).isLessThanOrEqualTo(ms(2));
  }
}
