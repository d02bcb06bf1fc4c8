package io.gracefuldrain.client;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Decides which hints begin a move: one at a time, each once. A hint that arrives during a move
 * waits for its end; only the latest does. On the event thread.
 */
final class Hints {
  private final Timers timers;
  private @Nullable String lastTicket;
  // By connection, since it is not known yet which one will be current.
  private final Map<Connection, Due> waiting = new HashMap<>();

  /** A hint that is due. Its deadline is the end of its grace, as {@link Timers#nanoTime()}. */
  static final class Due {
    private final Connection over;
    private final Hint hint;
    private final long deadline;
    private final boolean again;

    Due(Connection over, Hint hint, long deadline) {
      this(over, hint, deadline, false);
    }

    private Due(Connection over, Hint hint, long deadline, boolean again) {
      this.over = over;
      this.hint = hint;
      this.deadline = deadline;
      this.again = again;
    }

    /** The same once more. */
    Due anew() {
      return new Due(over, hint, deadline, true);
    }

    /** Whether its move has begun anew already. */
    boolean isAgain() {
      return again;
    }

    Connection over() {
      return over;
    }

    Hint hint() {
      return hint;
    }

    long deadline() {
      return deadline;
    }
  }

  Hints(Timers timers) {
    this.timers = timers;
  }

  /**
   * A hint has arrived. Returns it if it is due now. Null: it is a copy, it waits, or its
   * connection is not the current one.
   */
  @Nullable Due arrived(Connection over, Hint hint, boolean moving, boolean current) {
    if (hint.ticket().equals(lastTicket)) {
      return null; // a copy of the hint that was acted on last
    }
    Due due =
        new Due(over, hint, timers.nanoTime() + TimeUnit.MILLISECONDS.toNanos(hint.graceMs()));
    if (!moving) {
      return current ? acted(due) : null;
    }
    Due known = waiting.get(over);
    if (known == null || !known.hint().ticket().equals(hint.ticket())) {
      waiting.put(over, due);
    }
    return null;
  }

  /** A move has ended. Returns the hint that waited, if it came over the current connection. */
  @Nullable Due next(@Nullable Connection current) {
    Due next = waiting.get(current);
    waiting.clear();
    return next == null ? null : acted(next);
  }

  void forget() {
    waiting.clear();
  }

  private Due acted(Due due) {
    lastTicket = due.hint().ticket();
    return due;
  }
}
