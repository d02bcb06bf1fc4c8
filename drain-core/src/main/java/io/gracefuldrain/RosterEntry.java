package io.gracefuldrain;

import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A place on the roster. Its lines are linked through their entries, so that admitting and leaving
 * cost no allocation and no hash. Guarded by the coordinator's lock.
 */
abstract sealed class RosterEntry permits TrackedConnection {
  /** How far a drain has come with a connection. Each line of the roster stands for one. */
  enum Stage {
    /** Waits for its slot, if there is a drain. */
    PRESENT,
    /** Was hinted, and has its hint grace. */
    HINTED,
    /** Had its slot, and is let go as soon as it is idle. */
    DUE,
    /** Was asked to close. */
    LETTING_GO,
    /** Was closed by force. */
    FORCED,
    /** Has its outcome and is no connection any more, but its work goes on. */
    OUTLIVED
  }

  // There is none before registration, and none once all is over.
  private @Nullable Line line;
  private @Nullable RosterEntry previous;
  private @Nullable RosterEntry next;

  /** Whether its client knows hints. */
  abstract boolean knowsHints();

  /** It knows hints from now on; its line counts it among those that do. */
  final void becameAware() {
    if (line != null) {
      line.aware++;
    }
  }

  final boolean at(Stage stage) {
    return line != null && line.stage == stage;
  }

  /** Whether it is on the roster as a connection: registered, and without an outcome yet. */
  final boolean onRoster() {
    return line != null && line.stage != Stage.OUTLIVED;
  }

  /** Its stage; asked while it is on the roster. */
  final Stage stage() {
    return Objects.requireNonNull(line, "line").stage;
  }

  final boolean standsIn(Line other) {
    return line == other;
  }

  /** Goes to the end of a line, and leaves its former one. */
  final void joins(Line other) {
    other.add(this);
  }

  final void leavesRoster() {
    Line.remove(this);
  }

  /** A line of connections, in order of arrival. */
  static final class Line {
    private final Stage stage;
    private @Nullable RosterEntry first;
    private @Nullable RosterEntry last;
    private int size;
    private int aware;

    Line(Stage stage) {
      this.stage = stage;
    }

    int size() {
      return size;
    }

    /** How many of them know hints. */
    int aware() {
      return aware;
    }

    boolean isEmpty() {
      return size == 0;
    }

    @Nullable TrackedConnection first() {
      return (TrackedConnection) first;
    }

    /** Puts a connection at this line's end, and takes it off its former line. */
    private void add(RosterEntry entry) {
      remove(entry);
      entry.line = this;
      entry.previous = last;
      if (last == null) {
        first = entry;
      } else {
        last.next = entry;
      }
      last = entry;
      size++;
      if (entry.knowsHints()) {
        aware++;
      }
    }

    /** Takes a connection off its line, if it is on one. */
    private static void remove(RosterEntry entry) {
      Line line = entry.line;
      if (line == null) {
        return;
      }
      RosterEntry before = entry.previous;
      RosterEntry after = entry.next;
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
      entry.line = null;
      entry.previous = null;
      entry.next = null;
      line.size--;
      if (entry.knowsHints()) {
        line.aware--;
      }
    }

    /** Whether all are of a kind. */
    boolean all(Predicate<TrackedConnection> kind) {
      RosterEntry entry = first;
      while (entry != null && kind.test((TrackedConnection) entry)) {
        entry = entry.next;
      }
      return entry == null;
    }

    /** Visits all; the action may remove the visited one, or add it elsewhere. */
    void forEach(Consumer<TrackedConnection> action) {
      RosterEntry entry = first;
      // Bounded by the size at the beginning: one put back at the end is not visited twice.
      for (int left = size; left > 0 && entry != null; left--) {
        RosterEntry after = entry.next;
        action.accept((TrackedConnection) entry);
        entry = after;
      }
    }
  }
}
