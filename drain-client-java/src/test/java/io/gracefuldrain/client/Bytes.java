package io.gracefuldrain.client;

import java.util.Base64;
import java.util.function.UnaryOperator;
import org.json.JSONArray;
import org.json.JSONObject;

/** Bytes among the arguments of events: in the agent's lines they stand as {"$bytes": "base64"}. */
final class Bytes {
  private static final String NAME = "$bytes";

  private Bytes() {}

  /** The text of a line, with its bytes. */
  static Object toBytes(Object value) {
    return value instanceof JSONObject object && object.has(NAME)
        ? Base64.getDecoder().decode(object.getString(NAME))
        : each(value, Bytes::toBytes);
  }

  /** What a line can say. */
  static Object fromBytes(Object value) {
    return value instanceof byte[] bytes
        ? new JSONObject().put(NAME, Base64.getEncoder().encodeToString(bytes))
        : each(value, Bytes::fromBytes);
  }

  private static Object each(Object value, UnaryOperator<Object> change) {
    if (value instanceof JSONArray array) {
      JSONArray changed = new JSONArray();
      array.forEach(part -> changed.put(change.apply(part)));
      return changed;
    }
    if (value instanceof JSONObject object) {
      JSONObject changed = new JSONObject();
      object.keySet().forEach(name -> changed.put(name, change.apply(object.get(name))));
      return changed;
    }
    return value;
  }
}
