package io.gracefuldrain.lab.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.gracefuldrain.lab.report.Strategy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine.TypeConversionException;

class OptionsTest {
  @ParameterizedTest
  @CsvSource({"2s..1s", "1s..2m", "fast", "1s..", "..1s"})
  void propagation_otherwise_isNamed(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DelayRange.parse(text))
        .withMessageContaining("(expected: ");
  }

  @Test
  void strategy_names_areReadAndOthersNamed() throws Exception {
    Strategy.Converter converter = new Strategy.Converter();
    for (Strategy strategy : Strategy.values()) {
      assertThat(converter.convert(strategy.text())).isSameAs(strategy);
    }
    assertThatExceptionOfType(TypeConversionException.class)
        .isThrownBy(() -> converter.convert("best"))
        .withMessage("'best' (expected: one of none, startstop, notready, graceful, spring)");
  }
}
