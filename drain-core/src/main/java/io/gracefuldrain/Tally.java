package io.gracefuldrain;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/** Counts by the constants of an enum, over a coordinator's life. Thread-safe. */
final class Tally<E extends Enum<E>> {
  // Filled once, and only read after that.
  private final EnumMap<E, LongAdder> counts;

  Tally(Class<E> type) {
    counts = new EnumMap<>(type);
    for (E constant : type.getEnumConstants()) {
      counts.put(constant, new LongAdder());
    }
  }

  void add(E of) {
    Objects.requireNonNull(counts.get(of)).increment();
  }

  Map<E, Long> sums() {
    Map<E, Long> sums = new HashMap<>();
    counts.forEach((constant, count) -> sums.put(constant, count.sum()));
    return sums;
  }
}
