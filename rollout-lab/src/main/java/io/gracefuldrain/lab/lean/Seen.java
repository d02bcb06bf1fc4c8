package io.gracefuldrain.lab.lean;

import java.util.LinkedHashSet;
import java.util.Set;

/** The numbers that came last, to recognise those that come again. Not thread-safe. */
final class Seen {
  static final int IDS_KEPT = 1_024;

  private final Set<Long> numbers = new LinkedHashSet<>();

  /** Whether it is new. */
  boolean add(long n) {
    if (!numbers.add(n)) {
      return false;
    }
    if (numbers.size() > IDS_KEPT) {
      numbers.remove(numbers.iterator().next());
    }
    return true;
  }
}
