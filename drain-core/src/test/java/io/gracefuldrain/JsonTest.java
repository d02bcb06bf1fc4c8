package io.gracefuldrain;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Read back with a parser that is not ours. */
final class JsonTest {
  private static JsonNode parse(Json json) throws Exception {
    String text = json.toString();
    assertThat(text.lines()).as("one line").hasSize(1);
    return new ObjectMapper().readTree(text);
  }

  @Test
  void put_ofEachKind_isReadBack() throws Exception {
    JsonNode read =
        parse(
            new Json()
                .put("text", "hello")
                .put("none", null)
                .put("number", Long.MIN_VALUE)
                .put("yes", true)
                .putMillis("wait", Duration.ofMillis(1500))
                .putObject("object", new Json().put("a", 1))
                .putObject("empty", new Json())
                .putArray("words", List.of("x", "y\"z"))
                .putArray("objects", List.of(new Json().put("b", 2), new Json()))
                .putArray("nothing", List.of()));

    assertThat(read.get("text").asText()).isEqualTo("hello");
    assertThat(read.get("none").isNull()).isTrue();
    assertThat(read.get("number").asLong()).isEqualTo(Long.MIN_VALUE);
    assertThat(read.get("yes").asBoolean()).isTrue();
    assertThat(read.get("waitMs").asLong()).isEqualTo(1500);
    assertThat(read.get("object").get("a").asInt()).isEqualTo(1);
    assertThat(read.get("empty")).isEmpty();
    assertThat(read.get("words")).extracting(JsonNode::asText).containsExactly("x", "y\"z");
    assertThat(read.get("objects")).hasSize(2);
    assertThat(read.get("nothing")).isEmpty();
  }

  @Test
  void put_ofEveryCharacter_isReadBackAndStaysOnOneLine() throws Exception {
    StringBuilder all = new StringBuilder();
    for (char c = 0; c < 0x2100; c++) {
      all.append(c);
    }
    all.append("\uD83D\uDE00");
    JsonNode read = parse(new Json().put(all.toString(), all.toString()));
    assertThat(read.get(all.toString()).asText()).isEqualTo(all.toString());
  }

  @Test
  void put_ofHalfACharacter_isValidAllTheSame() throws Exception {
    assertThat(parse(new Json().put("half", "a\uD83Db")).get("half").asText())
        .isEqualTo("a\uD83Db");
  }
}
