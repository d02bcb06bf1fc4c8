package io.gracefuldrain.lab.ledger;

import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Counts which messages of a numbered stream are missing, came twice or came late.
 *
 * <p>A number is missing when a later one has come: "connected" when both neighbours came over the
 * same connection, "away" when the connection changed in between. A missing number that comes late
 * is no longer missing. A number that came before has come twice. Not thread-safe.
 */
final class FeedCount {
  /** How far back a late number is recognised. */
  static final int MEMORY = 1_000;

  /** The kinds of numbers. */
  enum Kind {
    NEW,
    LATE,
    DUPLICATE
  }

  private static final long NONE = Long.MIN_VALUE;

  // Missing numbers, each with whether it is missing because the connection changed.
  private final NavigableMap<Long, Boolean> absent = new TreeMap<>();
  private long last = NONE;
  private long highestHere = NONE;
  private boolean moved;

  private long received;
  private long missingConnected;
  private long missingAway;
  private long duplicated;
  private long reordered;

  /** The connection has changed: numbers skipped before the next one were missed while away. */
  void moved() {
    moved = true;
    highestHere = NONE;
  }

  Kind take(long n) {
    if (last == NONE || n > last) {
      return next(n);
    }
    Boolean away = absent.remove(n);
    if (away == null) {
      duplicated++;
      return Kind.DUPLICATE;
    }
    if (n < highestHere) {
      reordered++;
    }
    miss(away, -1);
    received++;
    highestHere = Math.max(highestHere, n);
    return Kind.LATE;
  }

  private Kind next(long n) {
    skipTo(n, moved);
    last = n;
    highestHere = n;
    moved = false;
    received++;
    return Kind.NEW;
  }

  /**
   * The stream has ended: every number that was due and has not come is missing.
   *
   * @param first the number that had to come first
   * @param n the number that had to come last
   */
  void end(long first, long n, boolean away) {
    if (last == NONE) {
      last = first - 1;
    }
    if (n > last) {
      skipTo(n + 1, away || moved);
      last = n;
    }
  }

  private void skipTo(long n, boolean away) {
    if (last == NONE) {
      return;
    }
    miss(away, n - last - 1);
    for (long each = Math.max(last + 1, n - MEMORY); each < n; each++) {
      absent.put(each, away);
    }
    absent.headMap(n - MEMORY).clear();
  }

  private void miss(boolean away, long count) {
    if (away) {
      missingAway += count;
    } else {
      missingConnected += count;
    }
  }

  long received() {
    return received;
  }

  long missingConnected() {
    return missingConnected;
  }

  long missingAway() {
    return missingAway;
  }

  long duplicated() {
    return duplicated;
  }

  long reordered() {
    return reordered;
  }
}
