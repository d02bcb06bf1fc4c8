package io.gracefuldrain;

import org.jspecify.annotations.Nullable;

/**
 * When a connection's slot came, if it has, and when a drain first saw it busy, and since when its
 * client is on its way. Guarded by the coordinator's lock.
 */
final class SlotRecord {
  private boolean given;
  private long givenAt;
  private boolean busy;
  private long busySince;
  private Transit.@Nullable Flow transit;
  private long transitSince;
  private boolean counts;

  boolean given() {
    return given;
  }

  /** How long ago it came. */
  long since(long now) {
    return now - givenAt;
  }

  /** Whether a drain has seen the connection busy. */
  boolean seenBusy() {
    return busy;
  }

  /** How long ago a drain first saw the connection busy. */
  long sinceBusy(long now) {
    return now - busySince;
  }

  /** It has come: it counts from now. */
  void give(long now) {
    given = true;
    givenAt = now;
  }

  /** It counts from now, unless it has come before. */
  void giveAtLatest(long now) {
    if (!given) {
      give(now);
    }
  }

  /** A drain sees the connection busy. */
  void foundBusy(long now) {
    if (!busy) {
      busy = true;
      busySince = now;
    }
  }

  /** Its client is on its way from now on; says whether it was not before. */
  boolean beginsTransit(Transit.Flow flow, long now) {
    if (transit != null) {
      return false;
    }
    transit = flow;
    transitSince = now;
    counts = true;
    return true;
  }

  /** With whom its client is on its way. */
  Transit.@Nullable Flow transit() {
    return transit;
  }

  long transitSince() {
    return transitSince;
  }

  /** Whether it counts among these. */
  boolean inTransit(Transit.Flow flow) {
    return counts && transit == flow;
  }

  /** It is on its way for too long to count. */
  void overdue() {
    counts = false;
  }

  /** Its client is on its way no more; says whether it counted until now. */
  boolean endsTransit() {
    boolean counted = counts;
    counts = false;
    transit = null;
    return counted;
  }
}
