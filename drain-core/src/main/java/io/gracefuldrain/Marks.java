package io.gracefuldrain;

import io.gracefuldrain.KeptSessions.Seen;
import java.util.HashMap;
import java.util.Map;

/**
 * The marks of the requests that have come for one session: each is good for one. They are
 * forgotten with the session, so each may have its share, however many sessions a pod keeps.
 * Thread-safe.
 */
final class Marks {
  /** How many are remembered: those of some attempts, each tried more than once. */
  static final int MOST = 64;

  /** Until when each is remembered, in milliseconds of the epoch; guarded by this. */
  private final Map<String, Long> ends = new HashMap<>(8);

  /** As {@link KeptSessions#seen}. */
  synchronized Seen add(String mark, long now, long until) {
    ends.values().removeIf(end -> end < now); // by each: clocks are set right now and then
    if (ends.containsKey(mark)) {
      return Seen.REPLAYED;
    } else if (ends.size() >= MOST) {
      return Seen.TOO_OFTEN;
    }
    ends.put(mark, until);
    return Seen.FIRST;
  }
}
