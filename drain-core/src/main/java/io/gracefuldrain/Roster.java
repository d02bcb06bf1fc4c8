package io.gracefuldrain;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The tracked connections, each on one line: linked through themselves, so that admitting and
 * leaving cost no allocation and no hash. Guarded by the coordinator's lock.
 */
final class Roster {
  /** Wait for their slot, the longest connected first. */
  final Line waiting = new Line();

  /** Wait for their slot behind the others, since they were busy when it came near. */
  final Line busy = new Line();

  /** Were hinted, the first hinted first. */
  final Line hinted = new Line();

  /** Had their slot and were busy. */
  final Line due = new Line();

  /** Were asked to close. */
  final Line leaving = new Line();

  int size() {
    return waiting.size + busy.size + hinted.size + due.size + leaving.size;
  }

  /** How many have yet to have their slot. */
  int unslotted() {
    return waiting.size + busy.size;
  }

  void forEach(Consumer<TrackedConnection> action) {
    waiting.forEach(action);
    busy.forEach(action);
    hinted.forEach(action);
    due.forEach(action);
    leaving.forEach(action);
  }

  /** A line of connections, in order of arrival. */
  static final class Line {
    private @Nullable TrackedConnection first;
    private @Nullable TrackedConnection last;
    private int size;

    int size() {
      return size;
    }

    boolean isEmpty() {
      return size == 0;
    }

    @Nullable TrackedConnection first() {
      return first;
    }

    /** Puts a connection at this line's end, from whichever line it was on. */
    void add(TrackedConnection tracked) {
      remove(tracked);
      tracked.line = this;
      tracked.previous = last;
      if (last == null) {
        first = tracked;
      } else {
        last.next = tracked;
      }
      last = tracked;
      size++;
    }

    /** Takes a connection off its line, if it is on one. */
    static void remove(TrackedConnection tracked) {
      Line line = tracked.line;
      if (line == null) {
        return;
      }
      TrackedConnection before = tracked.previous;
      TrackedConnection after = tracked.next;
      if (before == null) {
        line.first = after;
      } else {
        before.next = after;
      }
      if (after == null) {
        line.last = before;
      } else {
        after.previous = before;
      }
      tracked.line = null;
      tracked.previous = null;
      tracked.next = null;
      line.size--;
    }

    /** Visits all; the action may take the visited one off, or add it elsewhere. */
    void forEach(Consumer<TrackedConnection> action) {
      TrackedConnection tracked = first;
      // Bounded by the size at the beginning, so that one put back at the end is not visited twice.
      for (int left = size; left > 0 && tracked != null; left--) {
        TrackedConnection after = tracked.next;
        action.accept(tracked);
        tracked = after;
      }
    }
  }
}
