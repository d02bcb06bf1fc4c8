package io.gracefuldrain.benchmarks.crowd;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A real crowd moves from a real process to another. */
class CrowdMoveIT {
  private static final Duration WINDOW = Duration.ofSeconds(2);

  @ParameterizedTest
  @EnumSource(names = {"OURS", "HAPROXY", "STOP", "KILL"})
  void way_movesEverybody(Way way) throws Exception {
    try (CrowdMove pods = CrowdMove.start(way)) {
      Found found = pods.move(100, WINDOW, Duration.ZERO, 1);

      assertThat(found.crowd().moved()).isEqualTo(100);
      assertThat(found.crowd().forced()).isZero();
      assertThat(found.crowd().awayRatio().p50()).isBetween(1.0, 1.5);
      assertThat(found.bystanders().during().p99()).isPositive();
      assertThat(found.cost().toThreads()).isNotNaN(); // of so few it may be less than its noise
    }
  }

  @Test
  void uploads_areCounted() throws Exception {
    try (CrowdMove pods = CrowdMove.start(Way.NATS)) {
      Found found = pods.move(20, WINDOW, Duration.ofMillis(100), 1);

      // A second of calm, three of idling and most of the window.
      assertThat(found.crowd().sent()).isBetween(20L * 35, 20L * 70);
      assertThat(found.crowd().unanswered()).isBetween(0L, 20L);
    }
  }
}
