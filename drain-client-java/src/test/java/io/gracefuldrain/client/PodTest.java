package io.gracefuldrain.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.json.JSONObject;
import org.junit.jupiter.api.Test;

class PodTest {
  private static Pod of(Object hello) {
    return Pod.of(new Object[] {hello});
  }

  private static JSONObject hello() {
    return new JSONObject().put("pod", "a").put("generation", "g");
  }

  @Test
  void of_hello_isWhatItSays() {
    assertThat(of(hello())).isEqualTo(new Pod("a", "g", null));
    assertThat(of(hello().put("epoch", "e"))).isEqualTo(new Pod("a", "g", "e"));
    assertThat(of(hello().put("epoch", JSONObject.NULL))).isEqualTo(new Pod("a", "g", null));
  }

  @Test
  void of_malformed_isNone() {
    assertThat(Pod.of(new Object[0])).isNull();
    assertThat(of("a")).isNull();
    assertThat(of(new JSONObject())).isNull();
    assertThat(of(new JSONObject().put("pod", "a"))).isNull();
    assertThat(of(hello().put("pod", 7))).isNull();
    assertThat(of(hello().put("pod", ""))).isNull();
    assertThat(of(hello().put("epoch", ""))).isNull();
    assertThat(of(hello().put("generation", 7))).isNull();
    assertThat(of(hello().put("epoch", 7))).isNull();
  }

  @Test
  void isSamePlace_containerRestartedInPlace_isAnother() {
    Pod first = new Pod("a", "g", "1");

    assertThat(first.isSamePlace(new Pod("a", "g", "1"))).isTrue();
    assertThat(first.isSamePlace(new Pod("a", "g", "2"))).isFalse();
    assertThat(first.isSamePlace(new Pod("a", "h", "1"))).isFalse();
    assertThat(first.isSamePlace(new Pod("b", "g", "1"))).isFalse();
  }

  @Test
  void isSamePlace_withoutAnEpoch_goesByTheOtherTwo() {
    Pod older = new Pod("a", "g", null);

    assertThat(older.isSamePlace(new Pod("a", "g", "1"))).isTrue();
    assertThat(new Pod("a", "g", "1").isSamePlace(older)).isTrue();
  }
}
