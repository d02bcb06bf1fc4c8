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
 * Clients that can be compared: they share process, program and transport. Each message that came
 * to a client in a move is paired with the same message at a client that did not move, drawn at
 * random. Without such a client the message does not count. A stall of the machine holds up both
 * messages alike; two different messages would compare the stall with its absence. Thread-safe.
 */
final class Peers {
  /** How many numbers back a message is remembered; messages that come later are not compared. */
  static final int MEMORY = 1_000;

  /** One message of the feed, as it reached all clients. */
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
   * @param seed the seed of the random draws
   */
  Peers(long seed) {
    random = new Random(seed);
  }

  /** A message has come to a client that does not move. */
  synchronized void stayed(long n, long ms) {
    Message message = message(n);
    if (message != null) {
      message.stayedMs.add(ms);
    }
  }

  /** A message has come to a client that moves. */
  synchronized void moving(long n, long ms, MoveBook whose) {
    Message message = message(n);
    if (message != null) {
      message.moving.add(new Moving(whose, ms));
    }
  }

  /** All messages have come; any later one does not count. */
  synchronized void settle() {
    settleBefore(Long.MAX_VALUE);
  }

  /** How long messages took a client that moved; only settled messages count. */
  synchronized Latencies whileMoving(MoveBook whose) {
    return new Latencies(pairs.getOrDefault(whose, new Pairs()).moving);
  }

  /** How long the same messages took its peers, one peer for each. */
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

  /** No client is in two pairs, so each figure was measured, however few clients stayed. */
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
