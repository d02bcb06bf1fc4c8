package io.gracefuldrain.client;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Where emits pass on their way out, from any thread: open, they go on over the event thread;
 * closed, they are held in their order. Opened and closed on the event thread. Thread-safe.
 *
 * @param <T> what passes
 */
final class Gate<T> {
  /** How many are held at the most. */
  static final int LIMIT = 10_000;

  private final Executor events;
  private final BooleanSupplier onEvents;
  private final Consumer<T> way;
  private final Deque<T> held = new ArrayDeque<>();
  private boolean closed;
  private int heldInAll;

  Gate(Executor events, BooleanSupplier onEvents, Consumer<T> way) {
    this.events = events;
    this.onEvents = onEvents;
    this.way = way;
  }

  /**
   * Lets one pass, or holds it.
   *
   * @throws IllegalStateException if too many are held
   */
  void pass(T item) {
    if (onEvents.getAsBoolean()) {
      if (!holds(item)) {
        way.accept(item);
      }
      return;
    }
    // Queued under the lock: what passes before the gate closes is queued before anything that
    // follows the closing.
    synchronized (this) {
      if (!holds(item)) {
        events.execute(() -> way.accept(item));
      }
    }
  }

  private synchronized boolean holds(T item) {
    if (closed && held.size() >= LIMIT) {
      throw new IllegalStateException(
          "held emits: " + LIMIT + " (expected: fewer, until the connection has moved)");
    }
    if (closed) {
      held.add(item);
      heldInAll++;
    }
    return closed;
  }

  synchronized void close() {
    closed = true;
    heldInAll = 0;
  }

  /**
   * Lets what is held go its way, in order, and opens when there is nothing left. One that cannot
   * be sent keeps no other back.
   */
  void open() {
    for (T item = next(); item != null; item = next()) {
      T going = item;
      Callout.run(() -> way.accept(going));
    }
  }

  private synchronized @Nullable T next() {
    T item = held.poll();
    closed = item != null;
    return item;
  }

  /** Takes out those that are held and of a kind, in order. */
  synchronized List<T> take(Predicate<T> kind) {
    List<T> taken = new ArrayList<>();
    held.removeIf(item -> kind.test(item) && taken.add(item));
    return taken;
  }

  /** How many were held since it closed. */
  synchronized int heldInAll() {
    return heldInAll;
  }
}
