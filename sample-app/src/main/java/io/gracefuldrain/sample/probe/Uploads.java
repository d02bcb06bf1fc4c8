package io.gracefuldrain.sample.probe;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
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
  private final TreeSet<Long> inFlight = new TreeSet<>();
  // Over the connection that a move leaves behind.
  private final TreeSet<Long> overOld = new TreeSet<>();
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

  /** What to send now over the connection there is: first what an earlier one left unanswered. */
  List<Long> take(long nowMs) {
    List<Long> taken = new ArrayList<>();
    while (inFlight.size() < MOST_IN_FLIGHT) {
      Long n = again.pollFirst();
      if (n == null) {
        if (firstMs == NOT_BEGUN || dueMs(sent + 1) > Math.min(nowMs, endMs)) {
          break;
        }
        n = ++sent;
      }
      inFlight.add(n);
      taken.add(n);
    }
    return taken;
  }

  /** Whether an acknowledgement was owed. */
  boolean acknowledge(long n) {
    if (!inFlight.remove(n) && !overOld.remove(n)) {
      return false;
    }
    acknowledged++;
    return true;
  }

  /** The connection has ended: what it left unanswered is sent again over the next. */
  void disconnected() {
    leave(inFlight);
  }

  /** What is sent from now on goes over another connection than what is in flight. */
  void holding() {
    overOld.addAll(inFlight);
    inFlight.clear();
  }

  /** It goes over the same after all. */
  void heldInVain() {
    inFlight.addAll(overOld);
    overOld.clear();
  }

  /** The connection that was left behind has ended. */
  void oldEnded() {
    leave(overOld);
  }

  private void leave(Set<Long> unansweredOnes) {
    unanswered += unansweredOnes.size();
    again.addAll(unansweredOnes);
    unansweredOnes.clear();
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
    return inFlight.size() + overOld.size();
  }
}
