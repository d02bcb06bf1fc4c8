package io.gracefuldrain.benchmarks.crowd;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class FloorTest {
  private static final Duration WINDOW = Duration.ofSeconds(10);

  @Test
  void floor_fallsWithTheNumberOfClients_andIsNeverOne() {
    Floor few = Floor.of(300, WINDOW, 5);
    Floor many = Floor.of(5_000, WINDOW, 5);

    assertThat(few.least()).isGreaterThan(1.5);
    assertThat(many.median()).isBetween(1.15, 1.7);
    assertThat(many.most()).isLessThan(few.median());
  }
}
