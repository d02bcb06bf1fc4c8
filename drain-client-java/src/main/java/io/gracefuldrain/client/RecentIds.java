package io.gracefuldrain.client;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The latest message ids of a namespace. For one thread. */
final class RecentIds {
  private final @Nullable String[] ring = new @Nullable String[Bounds.IDS_KEPT];
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
    oldest = (oldest + 1) % ring.length;
    return true;
  }
}
