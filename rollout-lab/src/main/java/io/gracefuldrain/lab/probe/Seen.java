package io.gracefuldrain.lab.probe;

import java.util.LinkedHashSet;
import java.util.Set;

/** The numbers that came last, by which those that come again are known. Not thread-safe. */
final class Seen {
  static final int MEMORY = 1_024;

  private final Set<Long> numbers = new LinkedHashSet<>();

  /** Whether it is new. */
  boolean add(long n) {
    if (!numbers.add(n)) {
      return false;
    }
    if (numbers.size() > MEMORY) {
      numbers.remove(numbers.iterator().next());
    }
    return true;
  }
}
