package io.gracefuldrain.benchmarks.crowd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.DoubleSummaryStatistics;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The rules of others, as their sources have them. */
class PeersTest {
  private static final Duration WINDOW = Duration.ofSeconds(10);

  @Test
  void nats_sleepsAtLeastHalfOfEachOnesShare_andFiveEighthsOnAverage() {
    long each = NatsLameDuck.each(WINDOW, 1_000);
    assertThat(each).isEqualTo(Duration.ofMillis(10).toNanos());

    SplittableRandom random = new SplittableRandom(1);
    DoubleSummaryStatistics shares =
        IntStream.range(0, 10_000)
            .mapToDouble(i -> (double) NatsLameDuck.pause(each, random.nextLong(each)) / each)
            .summaryStatistics();

    assertThat(shares.getMin()).isGreaterThanOrEqualTo(0.5);
    assertThat(shares.getMax()).isLessThan(1);
    assertThat(shares.getAverage()).isCloseTo(0.625, within(0.01));
  }

  @Test
  void nats_neverSleepsForMoreThanASecond() {
    assertThat(NatsLameDuck.each(WINDOW, 2)).isEqualTo(Duration.ofSeconds(1).toNanos());
    assertThat(NatsLameDuck.each(WINDOW, 0)).isPositive();
  }

  @Test
  void phoenix_fillsTheWindowWithBatches() {
    assertThat(PhoenixBatches.size(WINDOW, 18_000)).isEqualTo(3_600);
    assertThat(PhoenixBatches.size(WINDOW, 3)).isEqualTo(1);
    assertThat(PhoenixBatches.size(Duration.ofSeconds(1), 7)).isEqualTo(7);
  }

  @Test
  void haproxy_closesTheMoreOftenTheLessOfTheWindowIsLeft() {
    assertThat(share(9_000)).isCloseTo(0.1, within(0.02));
    assertThat(share(1_000)).isCloseTo(0.9, within(0.02));
    assertThat(share(0)).isOne();
  }

  private static double share(long left) {
    return IntStream.range(0, 20_000).filter(i -> HaproxySpread.closes(left, 10_000)).count()
        / 20_000.0;
  }

  @Test
  void ways_haveNames() {
    assertThat(Way.of("nats")).isEqualTo(Way.NATS);
    assertThatThrownBy(() -> Way.of("slow"))
        .hasMessage("slow (expected: of ours, nats, phoenix, haproxy, stop, sleep, kill)");
  }
}
