package io.gracefuldrain.sample.probe;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Clients that can be compared: of one process, of one program, and over the same kind of
 * transport. Tells how long the very messages that came to one while it moved took those that did
 * not move then. A machine or a process that stalls holds up both alike; times that are apart would
 * compare the stall with its absence. Thread-safe.
 */
final class Peers {
  /** How many numbers back a message is remembered; one that is later is compared with nobody. */
  static final int MEMORY = 1_000;

  /** One number of the feed, as it reached everybody. */
  private static final class Message {
    final SortedMap<Long, Long> stayed = new TreeMap<>();
    final List<MoveBook> movers = new ArrayList<>();
  }

  // All below is guarded by this.
  private final NavigableMap<Long, Message> recent = new TreeMap<>();
  private final IdentityHashMap<MoveBook, SortedMap<Long, Long>> meanwhile =
      new IdentityHashMap<>();
  private long settledBefore = Long.MIN_VALUE;

  /** A message has come to one that does not move. */
  synchronized void stayed(long n, long ms) {
    Message message = message(n);
    if (message != null) {
      message.stayed.merge(ms, 1L, Long::sum);
    }
  }

  /** A message has come to one that moves. */
  synchronized void moving(long n, MoveBook whose) {
    Message message = message(n);
    if (message != null) {
      message.movers.add(whose);
    }
  }

  /**
   * How long the messages that came to one while it moved took each of those that stayed. To be
   * asked when all have come: later ones do not count.
   */
  synchronized Latencies meanwhile(MoveBook whose) {
    settleBefore(Long.MAX_VALUE);
    return new Latencies(meanwhile.getOrDefault(whose, new TreeMap<>()));
  }

  private @Nullable Message message(long n) {
    if (n < settledBefore) {
      return null;
    }
    Message message = recent.computeIfAbsent(n, any -> new Message());
    settleBefore(recent.lastKey() - MEMORY + 1);
    return message;
  }

  private void settleBefore(long n) {
    NavigableMap<Long, Message> settled = recent.headMap(n, false);
    settled.values().forEach(this::settle);
    settled.clear();
    settledBefore = Math.max(settledBefore, n);
  }

  private void settle(Message message) {
    for (MoveBook mover : message.movers) {
      SortedMap<Long, Long> sum = meanwhile.computeIfAbsent(mover, any -> new TreeMap<>());
      message.stayed.forEach((ms, count) -> sum.merge(ms, count, Long::sum));
    }
  }
}
