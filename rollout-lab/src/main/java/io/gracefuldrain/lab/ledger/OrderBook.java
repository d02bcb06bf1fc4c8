package io.gracefuldrain.lab.ledger;

import org.jspecify.annotations.Nullable;

/**
 * A client's orders, each of them work of several seconds at the pod that took it: when the next
 * one is to be placed, whether one is in flight, and what became of each.
 *
 * <p>One is in flight at the most. One that is due meanwhile, or without a connection, waits; what
 * is due several times by then is placed once. One whose connection ends is cut, and never placed
 * again. Not thread-safe.
 */
final class OrderBook {
  private final int client;
  private final int everyMs;
  private long nextMs;
  private long endMs = Long.MAX_VALUE;
  private @Nullable String inFlight;
  private @Nullable Object over;
  private long placed;
  private long done;
  private long cut;

  /**
   * @param client its number, which makes its orders' ids
   * @param firstMs when the first is due; later ones are due at whole intervals from it
   * @param everyMs the interval; 0 for no orders at all
   */
  OrderBook(int client, long firstMs, int everyMs) {
    this.client = client;
    this.nextMs = firstMs;
    this.everyMs = everyMs;
  }

  /** The id of the order to place now over a connection; null if none is due. */
  @Nullable String take(long nowMs, Object connection) {
    if (everyMs == 0 || inFlight != null || nowMs < nextMs || nowMs >= endMs) {
      return null;
    }
    nextMs += (Math.floorDiv(nowMs - nextMs, everyMs) + 1) * everyMs;
    inFlight = client + "-" + ++placed;
    over = connection;
    return inFlight;
  }

  /**
   * It has been answered, and is in flight no more.
   *
   * @param done the id that the answer says is done, or null if none
   * @return whether that is the answer which was owed
   */
  boolean answered(String id, @Nullable String done) {
    if (!id.equals(inFlight)) {
      return false;
    }
    inFlight = null;
    if (!id.equals(done)) {
      return false;
    }
    this.done++;
    return true;
  }

  /**
   * A connection has ended.
   *
   * @return whether that has cut one
   */
  boolean ended(Object connection) {
    boolean cuts = inFlight != null && connection.equals(over);
    if (cuts) {
      cut++;
      inFlight = null;
    }
    return cuts;
  }

  /** What was to go over a connection goes over another. */
  void redirected(Object connection, Object instead) {
    if (connection.equals(over)) {
      over = instead;
    }
  }

  /** None is placed from now on. */
  void end(long nowMs) {
    endMs = Math.min(endMs, nowMs);
  }

  long placed() {
    return placed;
  }

  long done() {
    return done;
  }

  long cut() {
    return cut;
  }
}
