package io.gracefuldrain.socketio;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Handles the CONNECTs of one session that have to wait, one after the other. Thread-safe. */
final class ConnectQueue {
  /** How many may wait. A client that sends more has more namespaces than a session may have. */
  static final int MOST = HandOverCodec.MOST_NAMESPACES;

  /** A CONNECT that waits. */
  interface Waiting {
    void begin();
  }

  private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
  private boolean running;

  /** Whether one waits or is being handled: a later one has to wait, too. */
  synchronized boolean busy() {
    return running;
  }

  /** Begins one now, or when all before it are {@linkplain #done done}; false if too many wait. */
  boolean await(Waiting connect) {
    synchronized (this) {
      if (waiting.size() >= MOST) {
        return false;
      }
      if (running) {
        waiting.add(connect);
        return true;
      }
      running = true;
    }
    connect.begin();
    return true;
  }

  /** Takes out the first one that is wanted: it is handled together with that which has begun. */
  synchronized @Nullable Waiting pull(Predicate<Waiting> wanted) {
    for (Iterator<Waiting> each = waiting.iterator(); each.hasNext(); ) {
      Waiting next = each.next();
      if (wanted.test(next)) {
        each.remove();
        return next;
      }
    }
    return null;
  }

  /** Ends what was begun, and begins the next. */
  void done() {
    Waiting next = next();
    if (next != null) {
      next.begin();
    }
  }

  private synchronized @Nullable Waiting next() {
    Waiting next = waiting.poll();
    running = next != null;
    return next;
  }
}
