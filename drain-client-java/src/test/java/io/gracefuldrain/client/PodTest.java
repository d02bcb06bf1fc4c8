package io.gracefuldrain.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.json.JSONObject;
import org.junit.jupiter.api.Test;

class PodTest {
  private static Pod of(Object hello) {
    return Pod.of(new Object[] {hello});
  }

  @Test
  void of_hello_isWhatItSays() {
    assertThat(of(new JSONObject().put("pod", "a").put("generation", "g")))
        .isEqualTo(new Pod("a", "g"));
    assertThat(of(new JSONObject().put("pod", "a"))).isEqualTo(new Pod("a", "unknown"));
  }

  @Test
  void of_malformed_isNotKnown() {
    assertThat(Pod.of(new Object[0]).known()).isFalse();
    assertThat(of("a").known()).isFalse();
    assertThat(of(new JSONObject()).known()).isFalse();
    assertThat(of(new JSONObject().put("pod", 7).put("generation", "g")).known()).isFalse();
  }
}
