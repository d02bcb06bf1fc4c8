package io.gracefuldrain.socketio;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.ArrayDeque;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The order in which what an aware client sends is dispatched. netty-socketio answers an upload
 * before it dispatches it, so the next one may overtake it on another event loop, or the WebSocket
 * that the session changes over to; and then {@code drain:landed} would be answered while listeners
 * still run. Here the next waits, with no thread held, for its turn. Thread-safe.
 */
final class TurnQueue {
  /**
   * How long a turn is waited for: netty-socketio closes a connection that has said nothing for
   * five seconds, and what waits was not seen by it. A listener that runs for longer is overtaken.
   */
  static final long PATIENCE_MILLIS = 4000;

  /** Clients have one upload on its way; who has more than this is not one. */
  private static final int MOST_UPLOADS = 16;

  private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
  // One, unless somebody has run out of patience.
  private int under;

  /** One dispatch: run or, if its event loop is no more, dropped. */
  private record Turn(EventExecutor executor, Runnable run, Runnable drop) {}

  /** A turn that is waited for, and what ends the wait; a request is not to be kept for longer. */
  private record Waiting(Turn turn, ScheduledFuture<?> patience) {}

  /** Begins a turn if nobody is before it. {@link #end} ends it. */
  synchronized boolean tryBegin() {
    if (under > 0 || !waiting.isEmpty()) {
      return false;
    }
    under = 1;
    return true;
  }

  synchronized boolean idle() {
    return under == 0 && waiting.isEmpty();
  }

  synchronized boolean full() {
    return waiting.size() >= MOST_UPLOADS;
  }

  /** Has something run in its turn, or after {@link #PATIENCE_MILLIS}. */
  void await(EventExecutor executor, Runnable run, Runnable drop) {
    Turn turn =
        new Turn(
            executor,
            () -> {
              try {
                run.run();
              } finally {
                end();
              }
            },
            drop);
    synchronized (this) {
      if (under > 0 || !waiting.isEmpty()) {
        waiting.add(
            new Waiting(
                turn,
                executor.schedule(() -> overdue(turn), PATIENCE_MILLIS, TimeUnit.MILLISECONDS)));
        return;
      }
      under = 1;
    }
    start(turn);
  }

  private void overdue(Turn turn) {
    synchronized (this) {
      if (!waiting.removeIf(each -> each.turn().equals(turn))) {
        return;
      }
      under++;
    }
    turn.run().run();
  }

  /** Ends a turn; the next begins. */
  void end() {
    Turn next = next();
    if (next != null) {
      start(next);
    }
  }

  private synchronized @Nullable Turn next() {
    under--;
    Waiting next = under == 0 ? waiting.poll() : null;
    if (next == null) {
      return null;
    }
    next.patience().cancel(false);
    under++;
    return next.turn();
  }

  private void start(Turn turn) {
    try {
      turn.executor().execute(turn.run());
    } catch (RejectedExecutionException e) {
      turn.drop().run(); // the server was stopped
      end();
    }
  }
}
