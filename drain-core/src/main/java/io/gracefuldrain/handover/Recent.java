package io.gracefuldrain.handover;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/** The marks of the requests that have come lately: each is good for one. Thread-safe. */
final class Recent {
  /** Whether a request may be answered. */
  enum Seen {
    FRESH,
    REPLAYED,
    /** There are so many that another one cannot be remembered. */
    FULL
  }

  private final int most;
  private final long keptMillis;

  // Guarded by this, the first that came first.
  private final Map<String, Long> marks = new LinkedHashMap<>();

  Recent(int most, long keptMillis) {
    this.most = most;
    this.keptMillis = keptMillis;
  }

  synchronized Seen add(String mark, long nowMillis) {
    Iterator<Long> oldest = marks.values().iterator();
    while (oldest.hasNext() && nowMillis - oldest.next() > keptMillis) {
      oldest.remove();
    }
    if (marks.containsKey(mark)) {
      return Seen.REPLAYED;
    } else if (marks.size() >= most) {
      return Seen.FULL;
    }
    marks.put(mark, nowMillis);
    return Seen.FRESH;
  }
}
