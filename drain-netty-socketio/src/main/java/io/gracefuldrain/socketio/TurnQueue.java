package io.gracefuldrain.socketio;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.ArrayDeque;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Dispatches uploads and packets of an aware client in the order of sending. netty-socketio answers
 * an upload before it dispatches it. The client's next upload may then overtake it on another event
 * loop, and so may a packet on the session's new WebSocket. {@code drain:landed} would be answered
 * while listeners still run. Here each waits for its turn, and holds no thread meanwhile.
 * Thread-safe.
 */
final class TurnQueue {
  /** How long anything waits for its turn. A listener that runs for longer is overtaken. */
  static final long PATIENCE_MILLIS = 4000;

  /** Clients send one upload at a time. A sender of more than this is not one of them. */
  private static final int MOST_UPLOADS = 16;

  private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
  // How many turns have begun and not ended: at most one, unless an upload has waited too long.
  private int running;

  /** One dispatch. It is run, or dropped if its event loop has shut down. */
  private record Turn(EventExecutor executor, Runnable run, Runnable drop) {}

  /** A turn that has not come yet, and the timer that ends the wait. */
  private record Waiting(Turn turn, ScheduledFuture<?> patience) {}

  /** Begins a turn if no other runs or waits. {@link #end} ends it. */
  synchronized boolean tryBegin() {
    if (running > 0 || !waiting.isEmpty()) {
      return false;
    }
    running = 1;
    return true;
  }

  synchronized boolean idle() {
    return running == 0 && waiting.isEmpty();
  }

  synchronized boolean full() {
    return waiting.size() >= MOST_UPLOADS;
  }

  /** Runs something in its turn, or after {@link #PATIENCE_MILLIS}. */
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
      if (running > 0 || !waiting.isEmpty()) {
        waiting.add(
            new Waiting(
                turn,
                executor.schedule(() -> overdue(turn), PATIENCE_MILLIS, TimeUnit.MILLISECONDS)));
        return;
      }
      running = 1;
    }
    start(turn);
  }

  private void overdue(Turn turn) {
    synchronized (this) {
      if (!waiting.removeIf(each -> each.turn().equals(turn))) {
        return;
      }
      running++;
    }
    turn.run().run();
  }

  /** Ends a turn, and begins the next one. */
  void end() {
    Turn next = next();
    if (next != null) {
      start(next);
    }
  }

  private synchronized @Nullable Turn next() {
    running--;
    Waiting next = running == 0 ? waiting.poll() : null;
    if (next == null) {
      return null;
    }
    next.patience().cancel(false);
    running++;
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
