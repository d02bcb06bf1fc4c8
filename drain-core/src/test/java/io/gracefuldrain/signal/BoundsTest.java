package io.gracefuldrain.signal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;

final class BoundsTest {
  private final long now =
      ThreadLocalRandom.current().nextBoolean()
          ? ThreadLocalRandom.current().nextLong()
          : Long.MAX_VALUE - Duration.ofSeconds(1).toNanos();

  @Test
  void of_longStop_waitsALittleLongerAndHaltsALittleEarlier() {
    Bounds bounds = Bounds.of(now, Duration.ofSeconds(21), Duration.ofSeconds(6));

    assertThat(bounds.waitUntil() - now).isEqualTo(Duration.ofMillis(21_500).toNanos());
    assertThat(bounds.haltAt() - now).isEqualTo(Duration.ofMillis(26_500).toNanos());
  }

  @Test
  void of_shortStop_leavesHalfOfItForTheStops() {
    Bounds bounds = Bounds.of(now, Duration.ofSeconds(1), Duration.ofMillis(400));

    assertThat(bounds.waitUntil() - now).isEqualTo(Duration.ofMillis(1_100).toNanos());
    assertThat(bounds.haltAt() - now).isEqualTo(Duration.ofMillis(1_300).toNanos());
  }

  @Test
  void of_noStop_haltsWhenDrained() {
    Bounds bounds = Bounds.of(now, Duration.ofSeconds(1), Duration.ZERO);

    assertThat(bounds.waitUntil()).isEqualTo(bounds.haltAt());
    assertThat(bounds.haltAt() - now).isEqualTo(Duration.ofSeconds(1).toNanos());
  }

  @Test
  void of_drainIsOver_haltsWithinTheStopBudget() {
    // 27 s of 30 s went to a preStop hook: 3 s are left for all of it, also for waiting
    Bounds begun = Bounds.of(now, Duration.ofSeconds(21), Duration.ofSeconds(6));

    Bounds bounds = begun.tighten(Bounds.of(now, Duration.ZERO, Duration.ofSeconds(3)));

    assertThat(bounds.waitUntil() - now).isEqualTo(Duration.ofMillis(500).toNanos());
    assertThat(bounds.haltAt() - now).isEqualTo(Duration.ofMillis(2_500).toNanos());
    Bounds late = Bounds.of(bounds.waitUntil(), Duration.ZERO, Duration.ofSeconds(3));
    assertThat(bounds.tighten(late)).isEqualTo(bounds);
  }

  @Test
  void tighten_laterOnes_changesNothing() {
    Bounds bounds = Bounds.of(now, Duration.ofSeconds(1), Duration.ofSeconds(1));
    Bounds later = Bounds.of(now, Duration.ofSeconds(30), Duration.ofSeconds(6));

    assertThat(bounds.tighten(later)).isEqualTo(bounds);
    assertThat(later.tighten(bounds)).isEqualTo(bounds);
  }

  @Test
  void tighten_forced_cutsWhateverIsLongerOfEach() {
    Bounds stopping = new Bounds(now - 1, now + Duration.ofSeconds(5).toNanos());
    Bounds forced = Bounds.of(now, Duration.ZERO, Bounds.FORCED);

    assertThat(stopping.tighten(forced)).isEqualTo(new Bounds(now - 1, forced.haltAt()));
    assertThat(forced.haltAt() - now).isBetween(1L, Bounds.FORCED.toNanos());
  }
}
