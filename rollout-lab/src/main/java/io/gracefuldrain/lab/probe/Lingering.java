package io.gracefuldrain.lab.probe;

import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Old connections that owe an answer still. They keep nobody from moving on. Of the client's event
 * loop.
 */
final class Lingering {
  private static final long LONGEST_MS = 60_000;
  private static final long LOOK_MS = 100;

  private final EventLoop loop;
  private final LongSupplier clock;
  private final Consumer<LeanMove> over;
  private final List<LeanMove> moves = new ArrayList<>();

  /**
   * @param over told once an old connection is no longer needed, or gone
   */
  Lingering(EventLoop loop, LongSupplier clock, Consumer<LeanMove> over) {
    this.loop = loop;
    this.clock = clock;
    this.over = over;
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
    if (!move.owed() || clock.getAsLong() - move.releasedMs >= LONGEST_MS) {
      moves.remove(move);
      over.accept(move);
    } else {
      loop.schedule(() -> look(move), LOOK_MS, TimeUnit.MILLISECONDS);
    }
  }

  /** Whether that was one of them; it has ended. */
  boolean ended(Connection link) {
    for (LeanMove each : moves) {
      if (link == each.old) {
        moves.remove(each);
        each.old = null;
        over.accept(each);
        return true;
      }
    }
    return false;
  }

  void close() {
    moves.forEach(LeanMove::leaveOld);
    moves.clear();
  }
}
