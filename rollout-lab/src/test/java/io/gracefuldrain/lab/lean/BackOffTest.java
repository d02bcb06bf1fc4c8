package io.gracefuldrain.lab.lean;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackOffTest {
  @ParameterizedTest
  @CsvSource({
    // an even first digit of the random number means shorter, an odd one longer
    "0.0, 1000",
    "0.09999, 951",
    "0.1, 1050",
    "0.5, 1250",
    "0.6, 700",
    "0.99999, 1499"
  })
  void nextMs_first_isSizeAndSignOfOneRandomNumber(double random, int expected) {
    assertThat(new BackOff(() -> random).nextMs()).isEqualTo(expected);
  }

  @Test
  void nextMs_goesOn_doublesUpToTheMost() {
    BackOff backOff = new BackOff(() -> 0.0);
    assertThat(new int[] {backOff.nextMs(), backOff.nextMs(), backOff.nextMs(), backOff.nextMs()})
        .containsExactly(1_000, 2_000, 4_000, 5_000);
  }

  @Test
  void reset_startsAnew() {
    BackOff backOff = new BackOff(() -> 0.0);
    backOff.nextMs();
    backOff.nextMs();
    backOff.reset();
    assertThat(backOff.nextMs()).isEqualTo(1_000);
  }

  @Test
  void nextMs_moreAttemptsThanTheLongestCrowdMakes_staysInRange() {
    BackOff backOff = new BackOff(new Random(1)::nextDouble);
    for (int i = 0; i < 1_000; i++) {
      assertThat(backOff.nextMs()).isBetween(500, 5_000);
    }
  }

  @Test
  void nextMs_sameSeed_drawsTheSame() {
    BackOff one = new BackOff(new Random(42)::nextDouble);
    BackOff other = new BackOff(new Random(42)::nextDouble);
    for (int i = 0; i < 10; i++) {
      assertThat(one.nextMs()).isEqualTo(other.nextMs());
    }
  }
}
