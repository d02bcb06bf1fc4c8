package io.gracefuldrain.lab.ledger;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A client's own numbers, 1, 2, 3…: when each is due, which to send now, which are owed an
 * acknowledgement.
 *
 * <p>The schedule goes on whether or not there is a connection, so that what waits for one counts
 * from when it should have been sent. Not thread-safe.
 */
final class Uploads {
  /**
   * How many may be unacknowledged on a connection. A long-polling answer drops its 51st packet, so
   * that more acknowledgements at once than that would be lost by the measuring itself.
   */
  static final int MOST_IN_FLIGHT = 20;

  private static final long NOT_BEGUN = Long.MAX_VALUE;

  private final long slotMs;
  private final int everyMs;
  // Each number that was sent, to the connection that it was sent over.
  private final NavigableMap<Long, Object> inFlight = new TreeMap<>();
  private final TreeSet<Long> again = new TreeSet<>();
  private long firstMs = NOT_BEGUN;
  private long endMs = Long.MAX_VALUE;
  private long sent;
  private long acknowledged;
  private long unanswered;

  /**
   * @param slotMs when the first would be due; later ones are due at whole intervals from it
   */
  Uploads(long slotMs, int everyMs) {
    this.slotMs = slotMs;
    this.everyMs = everyMs;
  }

  /** From now on there is something to say; the first time alone counts. */
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

  /** What to send now over a connection: first what an earlier one left unanswered. */
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

  /** Whether an acknowledgement was owed. */
  boolean acknowledge(long n) {
    if (inFlight.remove(n) == null) {
      return false;
    }
    acknowledged++;
    return true;
  }

  /** A connection has ended: what it left unanswered is sent again over another. */
  void ended(Object over) {
    inFlight.entrySet().removeIf(each -> each.getValue().equals(over) && leave(each.getKey()));
  }

  private boolean leave(long n) {
    unanswered++;
    return again.add(n);
  }

  /** What was to go over a connection goes over another. */
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

  /** How many were sent over connections that live and not acknowledged. */
  int inFlight() {
    return inFlight.size();
  }
}
