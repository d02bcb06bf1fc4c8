package io.gracefuldrain.client;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The last 1,024 message ids of a namespace. For one thread. */
final class RecentIds {
  static final int SIZE = 1_024;

  private final @Nullable String[] ring = new @Nullable String[SIZE];
  private final Set<String> known = new HashSet<>();
  private int oldest;

  /** Notes an id; false if it is known already. */
  boolean add(String id) {
    if (!known.add(id)) {
      return false;
    }
    String forgotten = ring[oldest];
    if (forgotten != null) {
      known.remove(forgotten);
    }
    ring[oldest] = id;
    oldest = (oldest + 1) % SIZE;
    return true;
  }
}
