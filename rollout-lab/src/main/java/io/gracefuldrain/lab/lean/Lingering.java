package io.gracefuldrain.lab.lean;

import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Moves whose old connection still owes an answer. They do not keep the client from moving again.
 * Used on the client's event loop only.
 */
final class Lingering {
  static final long LINGER_MOST_MS = 60_000;
  private static final long LOOK_AGAIN_MS = 100;

  private final EventLoop loop;
  private final LongSupplier clock;
  private final List<LeanMove> moves = new ArrayList<>();

  Lingering(EventLoop loop, LongSupplier clock) {
    this.loop = loop;
    this.clock = clock;
  }

  void add(LeanMove move) {
    moves.add(move);
    look(move);
  }

  @SuppressWarnings("FutureReturnValueIgnored") // it ends with the loop
  private void look(LeanMove move) {
    if (!moves.contains(move)) {
      return;
    }
    if (!move.old().owes() || clock.getAsLong() - move.cost().releasedMs() >= LINGER_MOST_MS) {
      moves.remove(move);
      move.finish();
    } else {
      loop.schedule(() -> look(move), LOOK_AGAIN_MS, TimeUnit.MILLISECONDS);
    }
  }

  /** A connection has ended; returns whether it was one of these. */
  boolean ended(Connection connection) {
    for (LeanMove each : moves) {
      if (each.old().lost(connection)) {
        moves.remove(each);
        each.finish();
        return true;
      }
    }
    return false;
  }

  void close() {
    moves.forEach(each -> each.old().leave());
    moves.clear();
  }
}
