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

  /** Counts a number; whether it is no copy. */
  boolean add(long n, Object connection) {
    Lead lead = numbers.remove(n);
    boolean copy = lead != null && lead.connection() != connection && lead.times() > 0;
    numbers.put(n, after(lead, connection, copy));
    if (numbers.size() > IDS_KEPT) {
      numbers.remove(numbers.keySet().iterator().next());
    }
    return !copy;
  }

  private static Lead after(@Nullable Lead lead, Object connection, boolean copy) {
    if (lead == null) {
      return new Lead(connection, 1);
    }
    return copy
        ? new Lead(lead.connection(), lead.times() - 1)
        : new Lead(connection, lead.connection() == connection ? lead.times() + 1 : 1);
  }

  /** The client has come back as a stock one does: what comes again now is no copy. */
  void clear() {
    numbers.clear();
  }
}
