package io.gracefuldrain.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ErrorBodyTest {
  @Test
  void message_error_isUnescaped() {
    assertThat(ErrorBody.message("{\"error\":\"say \\\"hi\\\" \\\\ \\u00e9\\n$1\"}"))
        .contains("say \"hi\" \\ é\n$1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "<html>",
        "{\"error\":\"open",
        "{\"error\":1}",
        "{\"error\":\"a\",\"b\":1}",
        "{}"
      })
  void message_somethingElse_isNone(String body) {
    assertThat(ErrorBody.message(body)).isEmpty();
  }

  @Test
  void message_longAndHostile_isReadInTime() {
    String long64k = "\\\\".repeat(1 << 15);

    assertThat(ErrorBody.message("{\"error\":\"" + long64k)).isEmpty();
    assertThat(ErrorBody.message("{\"error\":\"" + long64k + "\"}").orElseThrow()).hasSize(1 << 15);
  }

  @ParameterizedTest
  @ValueSource(strings = {"plain", "say \"hi\"", "a\\b", "two\nlines", "é", "tab\t", ""})
  void of_message_isReadBack(String message) {
    assertThat(ErrorBody.of(message)).doesNotContain("\n");
    assertThat(ErrorBody.message(ErrorBody.of(message))).contains(message);
  }
}
