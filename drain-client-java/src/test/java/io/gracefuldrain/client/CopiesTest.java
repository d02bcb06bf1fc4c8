package io.gracefuldrain.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.json.JSONArray;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;

class CopiesTest {
  private static String text(Object... args) {
    return new JSONArray(args).toString();
  }

  @Test
  void of_whatTheApplicationChangesLater_staysAsItWas() {
    JSONObject object = new JSONObject().put("deep", new JSONArray().put(new JSONObject()));
    JSONArray array = new JSONArray().put(1);
    Map<String, Object> map = new HashMap<>(Map.of("k", new ArrayList<>(List.of(1))));
    byte[] bytes = {1, 2};
    Object[] objects = {"a", new int[] {1}};
    Object[] args = {object, array, map, bytes, objects, "text", 7, null};
    String before = text(args);

    Object[] copy = Copies.of(args);
    object.getJSONArray("deep").getJSONObject(0).put("changed", true);
    array.put(2);
    map.put("changed", true);
    bytes[0] = 9;
    ((int[]) objects[1])[0] = 9;
    args[5] = "changed";

    assertThat(text(copy)).isEqualTo(before);
  }

  @Test
  void of_bytesInAnObject_areStillBytes() {
    byte[] bytes = {1};

    JSONObject copy = (JSONObject) Copies.of(new Object[] {new JSONObject().put("b", bytes)})[0];

    assertThat(copy.get("b")).isEqualTo(new byte[] {1}).isNotSameAs(bytes);
  }
}
