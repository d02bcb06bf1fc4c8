package io.gracefuldrain.client;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The latest messages of a namespace, and how often each connection has brought them. One
 * connection may bring the same message twice, but two connections bring it once. For one thread.
 */
final class SeenKeys {
  private final Map<String, Map<Object, Integer>> counts = new LinkedHashMap<>();

  /** Notes a message; false if another connection has brought it more often than this one. */
  boolean add(Object connection, String event, String id) {
    String key = event + '\n' + id;
    Map<Object, Integer> seen = counts.get(key);
    if (seen == null) {
      seen = new HashMap<>(2);
      counts.put(key, seen);
      forgetTheOldest();
    }
    int before = seen.getOrDefault(connection, 0);
    boolean fresh = seen.values().stream().allMatch(count -> count <= before);
    seen.put(connection, before + 1);
    return fresh;
  }

  private void forgetTheOldest() {
    if (counts.size() > Bounds.IDS_KEPT) {
      counts.remove(counts.keySet().iterator().next());
    }
  }
}
