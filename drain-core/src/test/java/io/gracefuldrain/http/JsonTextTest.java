package io.gracefuldrain.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonTextTest {
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "plain, `\"plain\"`",
        "`say \"hi\"`, `\"say \\\"hi\\\"\"`",
        "a\\b, `\"a\\\\b\"`",
        "`a\nb`, `\"a\\u000ab\"`",
        "`a\u2028b`, `\"a\\u2028b\"`",
        "é, `\"é\"`"
      })
  void quoted_text_isJson(String text, String json) {
    assertThat(JsonText.quoted(text)).isEqualTo(json);
  }
}
