package io.gracefuldrain.client;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.json.JSONArray;
import org.json.JSONObject;
import org.jspecify.annotations.Nullable;

/** Deep copies of what can be emitted. Applications use their objects and buffers again. */
final class Copies {
  private Copies() {}

  static Object[] of(Object[] args) {
    Object[] copy = new Object[args.length];
    for (int i = 0; i < args.length; i++) {
      copy[i] = copy(args[i]);
    }
    return copy;
  }

  private static @Nullable Object copy(@Nullable Object value) {
    if (value instanceof JSONObject) {
      return copy((JSONObject) value);
    }
    if (value instanceof JSONArray) {
      return copy((JSONArray) value);
    }
    if (value instanceof Map) {
      return copy((Map<?, ?>) value);
    }
    if (value instanceof Collection) {
      List<@Nullable Object> copy = new ArrayList<>();
      ((Collection<?>) value).forEach(each -> copy.add(copy(each)));
      return copy;
    }
    if (value != null && value.getClass().isArray()) {
      return copyOfArray(value);
    }
    return value; // a string, a number, a boolean, or what the stock client writes as text
  }

  private static JSONObject copy(JSONObject value) {
    JSONObject copy = new JSONObject();
    for (Iterator<String> keys = value.keys(); keys.hasNext(); ) {
      String key = keys.next();
      copy.put(key, copy(value.opt(key)));
    }
    return copy;
  }

  private static JSONArray copy(JSONArray value) {
    JSONArray copy = new JSONArray();
    for (int i = 0; i < value.length(); i++) {
      copy.put(copy(value.opt(i)));
    }
    return copy;
  }

  private static Map<Object, @Nullable Object> copy(Map<?, ?> value) {
    Map<Object, @Nullable Object> copy = new LinkedHashMap<>();
    value.forEach((key, each) -> copy.put(key, copy(each)));
    return copy;
  }

  private static Object copyOfArray(Object value) {
    int length = Array.getLength(value);
    Object copy = Array.newInstance(value.getClass().getComponentType(), length);
    if (value.getClass().getComponentType().isPrimitive()) {
      System.arraycopy(value, 0, copy, 0, length);
    } else {
      for (int i = 0; i < length; i++) {
        Array.set(copy, i, copy(Array.get(value, i)));
      }
    }
    return copy;
  }
}
