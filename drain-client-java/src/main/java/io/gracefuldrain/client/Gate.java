package io.gracefuldrain.client;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The gate that emits pass, from any thread. Open, it hands them on over the event thread. Closed,
 * it holds them in their order. Only the event thread opens and closes it. Thread-safe.
 *
 * @param <T> the items that pass
 */
final class Gate<T> {
  private final Executor events;
  private final BooleanSupplier onEvents;
  private final Consumer<T> way;
  private final UnaryOperator<T> freezing;
  private final Deque<T> held = new ArrayDeque<>();
  private boolean closed;
  private int heldInAll;

  /**
   * An open gate.
   *
   * @param events runs tasks on the event thread, in their order
   * @param onEvents whether this is the event thread
   * @param way where items go, on the event thread
   * @param freezing makes a held item of one that its owner may still change
   */
  Gate(Executor events, BooleanSupplier onEvents, Consumer<T> way, UnaryOperator<T> freezing) {
    this.events = events;
    this.onEvents = onEvents;
    this.way = way;
    this.freezing = freezing;
  }

  /**
   * Lets an item pass, or holds it.
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
    // Queued under the lock: an item that passes before the gate closes is queued before anything
    // that follows the closing.
    synchronized (this) {
      if (!holds(item)) {
        events.execute(() -> way.accept(item));
      }
    }
  }

  private synchronized boolean holds(T item) {
    if (closed && held.size() >= Bounds.HELD_MOST) {
      throw new IllegalStateException(
          "held emits: " + Bounds.HELD_MOST + " (expected: fewer, until the connection has moved)");
    }
    if (closed) {
      held.add(freezing.apply(item));
      heldInAll++;
    }
    return closed;
  }

  synchronized void close() {
    closed = true;
    heldInAll = 0;
  }

  /**
   * Passes the held items, in order, and opens when none is left. An item that cannot be sent does
   * not stop the others.
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

  /** Removes the held items of a kind, and returns them in order. */
  synchronized List<T> take(Predicate<T> kind) {
    List<T> taken = new ArrayList<>();
    held.removeIf(item -> kind.test(item) && taken.add(item));
    return taken;
  }

  /** How many items were held since it closed. */
  synchronized int heldInAll() {
    return heldInAll;
  }
}
