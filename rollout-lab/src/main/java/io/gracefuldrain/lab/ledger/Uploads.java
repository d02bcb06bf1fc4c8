package io.gracefuldrain.lab.ledger;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The numbers that a client sends: 1, 2, 3… It knows when each is due, which to send now, and which
 * await an acknowledgement.
 *
 * <p>The schedule goes on without a connection too, so the latency of a waiting number counts from
 * when it should have been sent. Not thread-safe.
 */
final class Uploads {
  /**
   * How many may be unacknowledged on a connection. A long-polling answer drops its 51st packet, so
   * the measurement itself would lose more acknowledgements than that.
   */
  static final int MOST_IN_FLIGHT = 20;

  private static final long NOT_BEGUN = Long.MAX_VALUE;

  private final long slotMs;
  private final int everyMs;
  // Each number that was sent, with its connection.
  private final NavigableMap<Long, Object> inFlight = new TreeMap<>();
  private final TreeSet<Long> again = new TreeSet<>();
  private long firstMs = NOT_BEGUN;
  private long endMs = Long.MAX_VALUE;
  private long sent;
  private long acknowledged;
  private long unanswered;

  /**
   * @param slotMs when the first would be due; later ones are due at whole intervals from then
   */
  Uploads(long slotMs, int everyMs) {
    this.slotMs = slotMs;
    this.everyMs = everyMs;
  }

  /** Numbers are due from now on; only the first call counts. */
  void begin(long nowMs) {
    if (firstMs == NOT_BEGUN) {
      firstMs = slotMs + Math.max(0, -Math.floorDiv(slotMs - nowMs, everyMs)) * everyMs;
    }
  }

  long dueMs(long n) {
    return firstMs + (n - 1) * everyMs;
  }

  /** Nothing new is due from now on. */
  void end(long nowMs) {
    endMs = Math.min(endMs, nowMs);
  }

  /**
   * Returns the numbers to send now over a connection, first those that an earlier one left
   * unanswered.
   */
  List<Long> take(long nowMs, Object over) {
    List<Long> taken = new ArrayList<>();
    long most = MOST_IN_FLIGHT - inFlight.values().stream().filter(over::equals).count();
    while (taken.size() < most) {
      Long n = again.pollFirst();
      if (n == null) {
        if (firstMs == NOT_BEGUN || dueMs(sent + 1) > Math.min(nowMs, endMs)) {
          break;
        }
        n = ++sent;
      }
      inFlight.put(n, over);
      taken.add(n);
    }
    return taken;
  }

  /** A number is acknowledged; returns whether it awaited that. */
  boolean acknowledge(long n) {
    if (inFlight.remove(n) == null) {
      return false;
    }
    acknowledged++;
    return true;
  }

  /** A connection has ended: numbers that it left unanswered are sent again over another. */
  void ended(Object over) {
    inFlight.entrySet().removeIf(each -> each.getValue().equals(over) && leave(each.getKey()));
  }

  private boolean leave(long n) {
    unanswered++;
    return again.add(n);
  }

  /** Numbers that were to go over one connection go over another. */
  void redirected(Object over, Object instead) {
    inFlight.replaceAll((n, each) -> each.equals(over) ? instead : each);
  }

  long sent() {
    return sent;
  }

  long acknowledged() {
    return acknowledged;
  }

  long unanswered() {
    return unanswered;
  }

  /** How many await an acknowledgement over a connection that is alive. */
  int inFlight() {
    return inFlight.size();
  }
}
