package io.gracefuldrain.lab.crowd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.gracefuldrain.lab.results.ClientKind;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientMixTest {
  @Test
  void parse_kinds_areRead() {
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
  void parse_otherwise_areNamed(String text, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ClientMix.parse(text))
        .withMessage(message);
  }

  @Test
  void parse_unknownKind_namesTheKnown() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ClientMix.parse("ruby=1"))
        .withMessageContaining("'ruby'")
        .withMessageContaining("java-websocket");
  }

  @Test
  void text_isReadAgain() {
    ClientMix mix = ClientMix.parse("lean-aware=2,java-websocket=1,java-polling=0");
    assertThat(mix.text()).isEqualTo("java-websocket=1,lean-aware=2");
    assertThat(ClientMix.parse(mix.text())).isEqualTo(mix);
  }
}
