package io.gracefuldrain.sample.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.gracefuldrain.sample.probe.ClientKind;
import io.gracefuldrain.sample.report.Strategy;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine.TypeConversionException;

class OptionsTest {
  @Test
  void clients_kinds_areRead() {
    assertThat(ClientMix.parse("java-polling=3,lean-websocket=2,java-upgrade=0").counts())
        .isEqualTo(Map.of(ClientKind.JAVA_POLLING, 3, ClientKind.LEAN_WEBSOCKET, 2));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '"',
      value = {
        "java-polling; 'java-polling' (expected: KIND=N, such as java-websocket=4)",
        "java-polling=-1; 'java-polling=-1' (expected: KIND=N, such as java-websocket=4)",
        "java-polling=1,java-polling=2; 'java-polling=2' (expected: each kind once)",
        "java-polling=0; 'java-polling=0' (expected: 1 to 200 clients in all)",
        "java-polling=201; 'java-polling=201' (expected: 1 to 200 clients in all)"
      })
  void clients_otherwise_areNamed(String text, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ClientMix.parse(text))
        .withMessage(message);
  }

  @Test
  void clients_unknownKind_namesTheKnown() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ClientMix.parse("ruby=1"))
        .withMessageContaining("'ruby'")
        .withMessageContaining("java-websocket");
  }

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
        .withMessage("'best' (expected: one of none, startstop, notready, graceful)");
  }
}
