package io.gracefuldrain.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class ConnectSettingsTest {

  @Test
  void of_allArguments_takesEach() {
    assertThat(ConnectSettings.of(List.of())).isEqualTo(ConnectSettings.DEFAULTS);
    assertThat(ConnectSettings.of(List.of("--rounds=3", "--connections=4")))
        .isEqualTo(new ConnectSettings(3, 4));
  }

  @Test
  void of_badArguments_areRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ConnectSettings.of(List.of("--connections=5001")))
        .withMessage("connections: 5001 (expected: 1 to 5000)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ConnectSettings.of(List.of("--seconds=3")))
        .withMessage("--seconds=3 (expected: --rounds= or --connections=)");
  }
}
