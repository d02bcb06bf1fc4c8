package io.gracefuldrain.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;

class HintTest {
  private static JSONObject good() {
    return new JSONObject()
        .put("reason", "shed")
        .put("graceMs", 2_000)
        .put("ticket", "t1")
        .put("url", "https://other.test")
        .put("later", "version");
  }

  @Test
  void of_whole_isReadAndUnknownFieldsAreIgnored() {
    Hint hint = Hint.of(new Object[] {good()});

    assertThat(hint.reason()).isEqualTo("shed");
    assertThat(hint.graceMs()).isEqualTo(2_000);
    assertThat(hint.ticket()).isEqualTo("t1");
    assertThat(hint.url()).isEqualTo(URI.create("https://other.test"));
  }

  @Test
  void of_withoutUrl_hasNone() {
    assertThat(Hint.of(new Object[] {good().put("url", JSONObject.NULL)}).url()).isNull();
    assertThat(Hint.of(new Object[] {good().put("url", "")}).url()).isNull();
  }

  @Test
  void of_endlessGrace_isAnHour() {
    assertThat(Hint.of(new Object[] {good().put("graceMs", 1_000_000_000_000L)}).graceMs())
        .isEqualTo(3_600_000);
  }

  @Test
  void of_malformed_isNone() {
    assertThat(Hint.of(new Object[0])).isNull();
    assertThat(Hint.of(new Object[] {"drain"})).isNull();
    assertThat(Hint.of(new Object[] {good().put("ticket", 7)})).isNull();
    assertThat(Hint.of(new Object[] {good().put("ticket", "")})).isNull();
    assertThat(Hint.of(new Object[] {good().put("reason", 7)})).isNull();
    assertThat(Hint.of(new Object[] {good().put("reason", JSONObject.NULL)})).isNull();
    assertThat(Hint.of(new Object[] {good().put("graceMs", "soon")})).isNull();
    assertThat(Hint.of(new Object[] {good().put("url", "nowhere")})).isNull();
    assertThat(Hint.of(new Object[] {good().put("url", 5)})).isNull();
    assertThat(Hint.of(new Object[] {good().put("graceMs", -1)})).isNull();
  }
}
