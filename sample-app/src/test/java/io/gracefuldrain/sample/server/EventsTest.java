package io.gracefuldrain.sample.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventsTest {
  @Test
  void feedMs_notAsked_isTheDefault() {
    assertThat(Events.feedMs(null)).isEqualTo(500);
  }

  @ParameterizedTest
  @CsvSource({"10, 10", "0050, 50", "10000, 10000"})
  void feedMs_inRange_isTaken(String asked, int expected) {
    assertThat(Events.feedMs(asked)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"9", "10001", "-50", "", " 50", "fast", "99999999999"})
  void feedMs_otherwise_isNamed(String asked) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Events.feedMs(asked))
        .withMessage("feedMs: '" + asked + "' (expected: 10 to 10000, in milliseconds)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{}; up.n: missing (expected: a whole number)",
        "7; up.n: missing (expected: a whole number)",
        "{\"n\":\"7\"}; up.n: \"7\" (expected: a whole number)",
        "{\"n\":1.5}; up.n: 1.5 (expected: a whole number)",
        "{\"n\":99999999999999999999}; up.n: 99999999999999999999 (expected: a whole number)"
      })
  void number_otherwise_isNamed(String json, String message) throws Exception {
    JsonNode data = read(json);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Events.number("up", data, "n"))
        .withMessage(message);
  }

  @Test
  void number_noPayload_isNamed() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Events.number("up", null, "n"))
        .withMessage("up.n: missing (expected: a whole number)");
  }

  @Test
  void number_whole_isTaken() throws Exception {
    assertThat(Events.number("up", read("{\"n\":7}"), "n")).isEqualTo(7);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{\"text\":\"  \"}; say.text: \"  \" (expected: a text)",
        "{\"text\":7}; say.text: 7 (expected: a text)",
        "{\"text\":\"12345678901\"}; say.text: \"12345678901\" (expected: at most 10 characters)"
      })
  void text_otherwise_isNamed(String json, String message) throws Exception {
    JsonNode data = read(json);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Events.text("say", data, "text", 10))
        .withMessage(message);
  }

  @Test
  void text_veryLong_isNotRepeatedWhole() throws Exception {
    JsonNode data = read("{\"text\":\"" + "x".repeat(5_000) + "\"}");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Events.text("say", data, "text", 10))
        .withMessageMatching(".{1,120}");
  }

  @Test
  void text_optionalAndMissing_isTheDefault() throws Exception {
    assertThat(Events.text("say", read("{}"), "from", 40, "guest")).isEqualTo("guest");
    assertThat(Events.text("say", null, "from", 40, "guest")).isEqualTo("guest");
    assertThat(Events.text("say", read("{\"from\":\" Ada \"}"), "from", 40, "guest"))
        .isEqualTo("Ada");
  }

  private static JsonNode read(String json) throws JsonProcessingException {
    return new ObjectMapper().readTree(json);
  }
}
