package io.gracefuldrain;

import static org.assertj.core.api.Assertions.assertThat;

import io.gracefuldrain.LandingLimit.Pace;
import io.gracefuldrain.LandingLimit.Way;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** How many clients may be on their way, after what was seen of landings. */
final class LandingLimitTest {
  private static final long MS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final double HUNDRED_A_SECOND = 100.0 / SECOND;

  private static Pace pace(Way way, long... tookMs) {
    Pace pace = Pace.UNKNOWN;
    for (long ms : tookMs) {
      pace = pace.landed(way, ms * MS);
    }
    return pace;
  }

  @Test
  void of_aSpan_isWhatGoesInItAndNeverVeryFew() {
    assertThat(LandingLimit.of(HUNDRED_A_SECOND, 2 * SECOND, 0).limit()).isEqualTo(200);
    assertThat(LandingLimit.of(HUNDRED_A_SECOND / 100, SECOND, 0).limit()).isEqualTo(10);
  }

  @Test
  void stretch_ofDifferencesThatNobodyFeels_isNone() {
    assertThat(pace(Way.HINTED, 1, 20, 199).stretch()).isEqualTo(1);
    assertThat(pace(Way.KEPT, 500, 990, 700).stretch()).isEqualTo(1);
  }

  @Test
  void stretch_ofOneVerySlowClient_isSmall() {
    assertThat(pace(Way.HINTED, 50, 20_000).stretch()).isBetween(1.0, LandingLimit.TOLERANCE);
  }

  @Test
  void stretch_ofReceiversThatGetSlow_grows() {
    long[] slow = new long[40];
    Arrays.fill(slow, 2_000);
    slow[0] = 100;

    assertThat(pace(Way.HINTED, slow).stretch()).isGreaterThan(3);
    assertThat(pace(Way.KEPT, 1_000, 1_000).stretch()).isEqualTo(1);
  }

  /** A pod whose first handshakes take seconds gives a slow beginning, and no slow baseline. */
  @Test
  void base_afterASlowBeginning_comesDown() {
    long[] took = new long[60];
    Arrays.fill(took, 100);
    took[0] = 5_000;

    assertThat(pace(Way.HINTED, took).stretch()).isEqualTo(1);
    assertThat(pace(Way.HINTED, took).base()).isLessThan(300.0 * MS);
  }

  @Test
  void landed_asQuicklyAsEverAndWaitedFor_growsByOne() {
    LandingLimit limit = LandingLimit.of(HUNDRED_A_SECOND, SECOND, 0);

    assertThat(limit.landed(pace(Way.HINTED, 100), 90, SECOND).limit()).isEqualTo(101);
    assertThat(limit.landed(pace(Way.HINTED, 100), 60, SECOND).limit()).isEqualTo(100);
    assertThat(limit.landed(pace(Way.HINTED, 100), 40, SECOND).limit()).isEqualTo(99);
  }

  @Test
  void landed_late_shrinksOnceInTheTimeOfALanding() {
    LandingLimit limit = LandingLimit.of(HUNDRED_A_SECOND, SECOND, 0);
    Pace slow = new Pace(SECOND, 3.0 * SECOND);

    LandingLimit once = limit.landed(slow, 80, 2 * SECOND);
    assertThat(once.limit()).isEqualTo(40);
    assertThat(once.landed(slow, 80, 2 * SECOND + 900 * MS)).isEqualTo(once);
    assertThat(once.landed(slow, 60, 3 * SECOND).limit()).isEqualTo(20);
  }

  @Test
  void behind_isNobodyForHalfOfTheWindow_andThenTwiceTheRate() {
    assertThat(LandingLimit.behind(1_000, 10 * SECOND, HUNDRED_A_SECOND)).isZero();
    assertThat(LandingLimit.behind(1_000, 5 * SECOND, HUNDRED_A_SECOND)).isZero();
    assertThat(LandingLimit.behind(1_000, 5 * SECOND - 20 * MS, HUNDRED_A_SECOND)).isEqualTo(4);
    assertThat(LandingLimit.behind(7, 0, HUNDRED_A_SECOND)).isEqualTo(7);
    assertThat(LandingLimit.behind(7, -SECOND, HUNDRED_A_SECOND)).isEqualTo(7);
  }

  /** Whatever lands whenever: the limit stays between its least and what was used and one more. */
  @Test
  void landed_whateverComes_keepsItsBounds() {
    for (long seed = 1; seed <= 200; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      LandingLimit limit =
          LandingLimit.of(random.nextDouble() * 1e-6, random.nextLong(3 * SECOND), 0);
      Way way = random.nextBoolean() ? Way.HINTED : Way.KEPT;
      Pace pace = Pace.UNKNOWN;
      long now = 0;
      for (int i = 0; i < 500; i++) {
        now += random.nextLong(100 * MS);
        pace = pace.landed(way, random.nextLong(1 + random.nextLong(30 * SECOND)));
        int inTransit = random.nextInt(1, 3_000);
        LandingLimit next = limit.landed(pace, inTransit, now);

        assertThat(pace.stretch()).as("seed %d", seed).isBetween(1.0, 200.0);
        assertThat(next.limit()).as("seed %d", seed).isGreaterThanOrEqualTo(next.least());
        assertThat(next.limit()).as("seed %d", seed).isLessThanOrEqualTo(limit.limit() + 1);
        assertThat(next.room(inTransit)).isBetween(0, (int) next.limit());
        limit = next;
      }
    }
  }
}
