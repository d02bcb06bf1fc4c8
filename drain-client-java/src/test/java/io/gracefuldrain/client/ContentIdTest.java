package io.gracefuldrain.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.socket.client.Ack;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.json.JSONArray;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;

class ContentIdTest {
  private static Object id(Object... args) {
    return ContentId.of("event", args);
  }

  @Test
  void of_sameContent_isTheSame() {
    assertThat(id(new JSONObject("{a:1,b:[x,null]}"), "t", new byte[] {1}))
        .isEqualTo(id(new JSONObject("{b:[x,null],a:1}"), "t", new byte[] {1}));
  }

  @Test
  void of_differentContent_isDifferent() {
    List<Object[]> all =
        Arrays.asList(
            new Object[] {},
            new Object[] {""},
            new Object[] {"a", "b"},
            new Object[] {"ab"},
            new Object[] {"1"},
            new Object[] {1},
            new Object[] {null},
            new Object[] {new JSONArray(List.of("a", "b"))},
            new Object[] {new JSONArray(List.of("a")), "b"},
            new Object[] {new JSONObject("{a:b}")},
            new Object[] {new JSONObject("{a:{}}")},
            new Object[] {new byte[] {97}},
            new Object[] {"a"});
    Set<Object> ids = new HashSet<>();
    all.forEach(args -> ids.add(id(args)));

    assertThat(ids).hasSameSizeAs(all).doesNotContainNull();
  }

  @Test
  void of_eventThatWantsAnAnswer_isNone() {
    assertThat(id("a", (Ack) args -> {})).isNull();
  }
}
