package io.gracefuldrain;

/**
 * When a connection's slot came, if it has, and when a drain first saw it busy. Guarded by the
 * coordinator's lock.
 */
final class SlotRecord {
  private boolean given;
  private long givenAt;
  private boolean busy;
  private long busySince;

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
}
