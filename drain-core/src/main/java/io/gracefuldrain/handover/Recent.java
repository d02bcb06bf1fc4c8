package io.gracefuldrain.handover;

import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The marks of the requests that have come lately: each is good for one. One session has a few of
 * them, or its client, by coming again and again, could have all. Thread-safe.
 */
final class Recent {
  /** Whether a request may be answered. */
  enum Seen {
    FRESH,
    REPLAYED,
    /** There are so many that another one cannot be remembered. */
    FULL
  }

  private record Mark(String session, long at) {}

  private final int most;
  private final int mostOfOne;
  private final long keptMillis;

  // Both are guarded by this. The marks that came first are the first.
  private final Map<String, Mark> marks = new LinkedHashMap<>();
  private final Map<String, Integer> counts = new HashMap<>();

  /**
   * None yet.
   *
   * @param most how many there are at most
   * @param mostOfOne how many of one session
   * @param keptMillis how long each is remembered
   */
  Recent(int most, int mostOfOne, long keptMillis) {
    this.most = most;
    this.mostOfOne = mostOfOne;
    this.keptMillis = keptMillis;
  }

  synchronized Seen add(String mark, String session, long nowMillis) {
    Iterator<Mark> oldest = marks.values().iterator();
    while (oldest.hasNext()) {
      Mark old = oldest.next();
      if (nowMillis - old.at() <= keptMillis) {
        break;
      }
      oldest.remove();
      counts.computeIfPresent(old.session(), (same, count) -> count > 1 ? count - 1 : null);
    }
    if (marks.containsKey(mark)) {
      return Seen.REPLAYED;
    } else if (marks.size() >= most || counts.getOrDefault(session, 0) >= mostOfOne) {
      return Seen.FULL;
    }
    marks.put(mark, new Mark(session, nowMillis));
    counts.merge(session, 1, Integer::sum);
    return Seen.FRESH;
  }
}
