package io.gracefuldrain.lab.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class SurroundingsTest {
  @Test
  void facts_each_isInTheReportIfItIsThere() {
    assertThat(Surroundings.NONE.facts()).isEmpty();
    assertThat(
            new Surroundings(true, Duration.ofMinutes(2), Duration.ofMillis(5_500))
                .facts()
                .toString())
        .contains("sticky cookie=", "for 120 s after it has left", "ends 5500 ms after the pod's");
  }

  @Test
  void spreads_aBalancerAlone_holdsNobody() {
    assertThat(new Surroundings(false, Duration.ofSeconds(1), null).spreads()).isTrue();
    assertThat(new Surroundings(true, Duration.ofSeconds(1), null).spreads()).isFalse();
    assertThat(Surroundings.NONE.spreads()).isFalse();
  }
}
