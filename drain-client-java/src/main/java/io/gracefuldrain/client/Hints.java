package io.gracefuldrain.client;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Which hints are acted on: one at a time, each once, the latest after the one before. On the event
 * thread.
 */
final class Hints {
  private final Timers timers;
  private @Nullable String lastTicket;
  // By the connection that they came over: which one will be current is not known yet.
  private final Map<Connection, Due> waiting = new HashMap<>();

  /** A hint to act on, with the moment in which its grace ends. */
  record Due(Connection over, Hint hint, long deadline) {}

  Hints(Timers timers) {
    this.timers = timers;
  }

  /** A hint came; null: it is a copy, waits, or came over a connection that is not current. */
  @Nullable Due arrived(Connection over, Hint hint, boolean moving, boolean current) {
    if (hint.ticket().equals(lastTicket)) {
      return null; // a copy of the one that is acted on, or was
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

  /** A move is over: the hint that waited, if it came over the connection that is current. */
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
