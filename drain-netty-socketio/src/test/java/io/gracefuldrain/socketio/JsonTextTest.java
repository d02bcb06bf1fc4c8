package io.gracefuldrain.socketio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTextTest {
  @Test
  void read_aText_isItsValue() {
    assertThat(JsonText.read(" [ \"a\" , {\"b\" : 1.5e2 , \"c\":[]} , true,false, null ] "))
        .isEqualTo(Arrays.asList("a", Map.of("b", 150.0, "c", List.of()), true, false, null));
    assertThat(JsonText.read("{}")).isEqualTo(Map.of());
    assertThat(JsonText.read("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\\ud83d\\ude00\""))
        .isEqualTo("\"\\/\b\f\n\r\tA😀");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "[",
        "[1",
        "[1,",
        "{",
        "{\"a\"",
        "{\"a\":",
        "{\"a\":1",
        "{a:1}",
        "\"",
        "\"\\",
        "\"\\u12",
        "\"\\uzzzz\"",
        "\"\\x\"",
        "tru",
        "nul",
        "--",
        "1 2",
        "[1]]",
        "@"
      })
  void read_ofSomethingElse_isRefused(String text) {
    assertThatThrownBy(() -> JsonText.read(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void read_ofEndlessNesting_isRefused() {
    assertThatThrownBy(() -> JsonText.read("[".repeat(1_000_000)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void message_writtenAndRead_isTheSame() {
    String text = "a\"\\\n\u2028\u0000😀é";
    Message message = new Message().with("text", text).with("number", 7);

    assertThat(JsonText.read(new String(message.event("e\""), StandardCharsets.UTF_8)))
        .isEqualTo(List.of("e\"", Map.of("text", text, "number", 7.0)));
    assertThat(new String(message.acknowledgement(), StandardCharsets.UTF_8))
        .startsWith("[{\"text\":");
    assertThat(new String(new Message().acknowledgement(), StandardCharsets.UTF_8)).isEqualTo("[]");
    assertThat(message).hasSize(2).containsEntry("number", 7L);
  }
}
