package io.gracefuldrain.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class QueryTest {
  private static final Set<String> KNOWN = Set.of("within", "wait", "format", "count", "fraction");

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = "")
  void parse_nothing_hasNothing(String raw) {
    Query query = Query.parse(raw, KNOWN);

    assertThat(query.has("within")).isFalse();
    assertThat(query.duration("within")).isEmpty();
    assertThat(query.flag("wait")).isFalse();
    assertThat(query.asText()).isFalse();
  }

  @Test
  void parse_several_hasEach() {
    Query query = Query.parse("within=1500ms&wait=true&format=text&count=10&fraction=0.25", KNOWN);

    assertThat(query.duration("within")).contains(Duration.ofMillis(1500));
    assertThat(query.flag("wait")).isTrue();
    assertThat(query.asText()).isTrue();
    assertThat(query.count("count")).isEqualTo(10);
    assertThat(query.fraction("fraction")).isEqualByComparingTo("0.25");
  }

  @Test
  void parse_percentEncoded_isDecoded() {
    assertThat(Query.parse("w%69thin=%31s", KNOWN).duration("within"))
        .contains(Duration.ofSeconds(1));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          colour=red    | query parameter: colour (expected: count or format or fraction or wait or within)
          Within=1s     | query parameter: Within (expected: count or format or fraction or wait or within)
          &             | query parameter: '' (expected: count or format or fraction or wait or within)
          wait=true&    | query parameter: '' (expected: count or format or fraction or wait or within)
          wait&wait     | wait: given twice (expected: once)
          within=%zz    | query: %zz (expected: percent-encoded UTF-8)
          """)
  void parse_malformed_isRefused(String raw, String problem) {
    assertThat(refused(raw, query -> query)).isEqualTo(problem);
  }

  @Test
  void parse_parameterWhereNoneIsKnown_isRefused() {
    Refusal refusal = catchThrowableOfType(Refusal.class, () -> Query.parse("verbose", Set.of()));

    assertThat(refusal.answer().status()).isEqualTo(400);
    assertThat(refusal.answer().body())
        .isEqualTo("{\"error\":\"query parameter: verbose (expected: none)\"}\n");
  }

  @Test
  void parse_longName_isClipped() {
    assertThat(refused("x".repeat(5000), query -> query)).hasSizeLessThan(250).contains("xxx...");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "10", "-1s", "1.5s", "1d", "s", "1s 2s", "0x1s", "1234567890123s"})
  void duration_malformed_isRefused(String value) {
    assertThat(refused("within=" + value, query -> query.duration("within")))
        .startsWith("within: " + value)
        .endsWith("(expected: a duration such as 500ms, 5s, 2m or 1h)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"25h", "999999999999h"})
  void duration_tooLong_isRefused(String value) {
    assertThat(refused("within=" + value, query -> query.duration("within")))
        .isEqualTo("within: " + value + " (expected: <= 24h)");
  }

  @Test
  void duration_zero_isTaken() {
    assertThat(Query.parse("within=0s", KNOWN).duration("within")).contains(Duration.ZERO);
  }

  @ParameterizedTest
  @ValueSource(strings = {"yes", "1", "TRUE", "", "true "})
  void flag_neitherTrueNorFalse_isRefused(String value) {
    assertThat(refused("wait=" + value, query -> query.flag("wait")))
        .endsWith("(expected: true or false)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"yaml", "JSON", ""})
  void asText_unknownFormat_isRefused(String value) {
    assertThat(refused("format=" + value, Query::asText)).endsWith("(expected: json or text)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "1.0", "ten", "", "1000000000", "99999999999999999999"})
  void count_malformed_isRefused(String value) {
    assertThat(refused("count=" + value, query -> query.count("count")))
        .endsWith("(expected: a whole number from 1 to 999999999)");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"0", "0.0", "1.01", "-0.5", "25%25", "1e-1", "NaN", "", ".", "0.1234567891"})
  void fraction_malformed_isRefused(String value) {
    assertThat(refused("fraction=" + value, query -> query.fraction("fraction")))
        .endsWith("(expected: a number over 0 and up to 1, such as 0.25)");
  }

  @ParameterizedTest
  @CsvSource({"1,1", "1.0,1", ".5,0.5", "0.000000001,0.000000001"})
  void fraction_inRange_isTaken(String value, String meant) {
    assertThat(Query.parse("fraction=" + value, KNOWN).fraction("fraction"))
        .isEqualByComparingTo(meant);
  }

  private static String refused(String raw, Function<Query, Object> reading) {
    Refusal refusal =
        catchThrowableOfType(Refusal.class, () -> reading.apply(Query.parse(raw, KNOWN)));
    assertThat(refusal.answer().status()).isEqualTo(400);
    String body = refusal.answer().body();
    return body.substring("{\"error\":\"".length(), body.length() - "\"}\n".length());
  }
}
