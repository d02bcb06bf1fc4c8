package io.gracefuldrain.lab.ledger;

import org.jspecify.annotations.Nullable;

/**
 * The orders of one client, each of them several seconds of work for its pod. It knows when the
 * next one is due, whether one is in flight, and how each one ended.
 *
 * <p>At most one is in flight. An order that comes due meanwhile, or without a connection, waits;
 * several that wait are placed as one. An order whose connection ends is cut and never placed
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
   * @param client its number, which is part of the ids of its orders
   * @param firstMs when the first is due; later ones are due at whole intervals from then
   * @param everyMs the interval; 0 for no orders
   */
  OrderBook(int client, long firstMs, int everyMs) {
    this.client = client;
    this.nextMs = firstMs;
    this.everyMs = everyMs;
  }

  /** Returns the id of the order to place now over a connection; null if none is due. */
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
   * An order has been answered and is no longer in flight.
   *
   * @param done the id that the answer names as done, or null if none
   * @return whether this is the expected answer
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
   * @return whether that has cut an order
   */
  boolean ended(Object connection) {
    boolean cuts = inFlight != null && connection.equals(over);
    if (cuts) {
      cut++;
      inFlight = null;
    }
    return cuts;
  }

  /** An order that was to go over one connection goes over another. */
  void redirected(Object connection, Object instead) {
    if (connection.equals(over)) {
      over = instead;
    }
  }

  /** No order is placed from now on. */
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
