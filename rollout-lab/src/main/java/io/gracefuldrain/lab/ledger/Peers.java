package io.gracefuldrain.lab.ledger;

import io.gracefuldrain.lab.results.Latencies;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Clients that can be compared: of one process, one program and one transport. Each message that
 * came to one while it moved is paired with the very same message at one that did not move, drawn
 * at random; without such a one it does not count. What stalls the clients' machine holds up both
 * alike; messages that are apart would compare the stall with its absence. Thread-safe.
 */
final class Peers {
  /** How many numbers back a message is remembered; what comes later than that is not compared. */
  static final int MEMORY = 1_000;

  /** One message of the feed, as it reached everybody. */
  private static final class Message {
    final List<Moving> moving = new ArrayList<>();
    final List<Long> stayedMs = new ArrayList<>();
  }

  private record Moving(MoveBook whose, long ms) {}

  private static final class Pairs {
    final SortedMap<Long, Long> moving = new TreeMap<>();
    final SortedMap<Long, Long> stayed = new TreeMap<>();
  }

  // All below is guarded by this.
  private final Random random;
  private final NavigableMap<Long, Message> recent = new TreeMap<>();
  private final Map<MoveBook, Pairs> pairs = new HashMap<>();
  private long settledBefore = Long.MIN_VALUE;

  /**
   * @param seed of the draws
   */
  Peers(long seed) {
    random = new Random(seed);
  }

  /** A message has come to one that does not move. */
  synchronized void stayed(long n, long ms) {
    Message message = message(n);
    if (message != null) {
      message.stayedMs.add(ms);
    }
  }

  /** A message has come to one that moves. */
  synchronized void moving(long n, long ms, MoveBook whose) {
    Message message = message(n);
    if (message != null) {
      message.moving.add(new Moving(whose, ms));
    }
  }

  /** All have come; whatever comes yet does not count. */
  synchronized void settle() {
    settleBefore(Long.MAX_VALUE);
  }

  /** How long messages took one that moved; only of those that are settled. */
  synchronized Latencies whileMoving(MoveBook whose) {
    return new Latencies(pairs.getOrDefault(whose, new Pairs()).moving);
  }

  /** How long the same messages took its peers, one for each. */
  synchronized Latencies atPeers(MoveBook whose) {
    return new Latencies(pairs.getOrDefault(whose, new Pairs()).stayed);
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

  /** Nobody is in two pairs, so that each has been measured, however few stayed. */
  private void settle(Message message) {
    int count = Math.min(message.moving.size(), message.stayedMs.size());
    if (count == 0) {
      return;
    }
    Collections.shuffle(message.moving, random);
    Collections.shuffle(message.stayedMs, random);
    for (int i = 0; i < count; i++) {
      Moving moving = message.moving.get(i);
      Pairs its = pairs.computeIfAbsent(moving.whose(), any -> new Pairs());
      its.moving.merge(moving.ms(), 1L, Long::sum);
      its.stayed.merge(message.stayedMs.get(i), 1L, Long::sum);
    }
  }
}
