package io.gracefuldrain.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class EchoSettingsTest {

  @Test
  void of_nothing_isTheDefaults() {
    assertThat(EchoSettings.of(List.of())).isEqualTo(EchoSettings.DEFAULTS);
  }

  @Test
  void of_allArguments_takesEach() {
    List<String> arguments =
        List.of(
            "--pairs=1",
            "--warm-up=2",
            "--rounds=3",
            "--seconds=4",
            "--connections=5",
            "--control");

    assertThat(EchoSettings.of(arguments))
        .isEqualTo(new EchoSettings(1, 2, 3, 4, 5, EchoSettings.Mode.CONTROL));
  }

  @Test
  void of_zeroRounds_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> EchoSettings.of(List.of("--rounds=0")))
        .withMessage("rounds: 0 (expected: 1 to 50)");
  }

  @Test
  void of_noNumber_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> EchoSettings.of(List.of("--pairs=many")))
        .withMessage("--pairs=many (expected: a whole number after =)");
  }

  @Test
  void of_unknownArgument_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> EchoSettings.of(List.of("--pair=3")))
        .withMessageStartingWith("--pair=3 (expected: --pairs=");
  }
}
