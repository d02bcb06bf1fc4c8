package io.gracefuldrain.lab.lean;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The numbers that came last, to recognise copies: a number is one if another connection has
 * brought it more often than its own one. A number never comes again for another message, so none
 * is forgotten by its age. Not thread-safe.
 */
final class Seen {
  static final int IDS_KEPT = 1_024;

  /** By how much one of two connections leads with a number. */
  private record Lead(Object connection, int times) {}

  private final Map<Long, Lead> numbers = new LinkedHashMap<>();
  private @Nullable Lead last;

  /** Counts a number; whether it is no copy. */
  boolean add(long n, Object connection) {
    Lead lead = numbers.remove(n);
    if (lead != null && lead.connection() != connection && lead.times() > 0) {
      numbers.put(n, new Lead(lead.connection(), lead.times() - 1));
      return false;
    }
    if (lead != null && lead.connection() == connection) {
      numbers.put(n, new Lead(connection, lead.times() + 1));
    } else {
      numbers.put(n, once(connection));
    }
    if (numbers.size() > IDS_KEPT) {
      numbers.remove(numbers.keySet().iterator().next());
    }
    return true;
  }

  /** Nearly all numbers come once over a connection, so one object serves them all. */
  private Lead once(Object connection) {
    if (last == null || last.connection() != connection) {
      last = new Lead(connection, 1);
    }
    return last;
  }

  /** The client has come back as a stock one does: what comes again now is no copy. */
  void clear() {
    numbers.clear();
    last = null;
  }
}
