package io.gracefuldrain.client;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The latest messages of a namespace, and how often each connection has brought them. One
 * connection may bring the same message twice, but two connections bring it once. For one thread.
 */
final class SeenKeys {
  private static final class Seen {
    final long since;
    final Map<Object, Integer> counts = new HashMap<>(2);

    Seen(long since) {
      this.since = since;
    }

    boolean isOld(long now) {
      return now - since >= TimeUnit.MILLISECONDS.toNanos(Bounds.ID_KEPT_MS);
    }
  }

  // The one that was last used is the last.
  private final Map<String, Seen> messages = new LinkedHashMap<>();

  /**
   * Notes a message; false if another connection has brought it more often than this one.
   *
   * @param now as {@link Timers#nanoTime()}
   * @param moving whether a move is under way: then nothing is too old to come once more
   */
  boolean add(Object connection, String event, String id, long now, boolean moving) {
    String key = event + '\n' + id;
    Seen seen = messages.remove(key);
    if (seen == null || (!moving && seen.isOld(now))) {
      seen = new Seen(now);
    }
    messages.put(key, seen);
    if (messages.size() > Bounds.IDS_KEPT) {
      messages.remove(messages.keySet().iterator().next());
    }
    int before = seen.counts.getOrDefault(connection, 0);
    boolean fresh = seen.counts.values().stream().allMatch(count -> count <= before);
    seen.counts.put(connection, before + 1);
    return fresh;
  }

  /** A move begins: what came long before it does not come once more. */
  void forgetOld(long now) {
    messages.values().removeIf(seen -> seen.isOld(now));
  }

  /** A stock reconnect: what comes again is a history that the application wants. */
  void forgetAll() {
    messages.clear();
  }
}
