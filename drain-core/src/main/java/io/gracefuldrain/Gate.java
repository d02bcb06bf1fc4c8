package io.gracefuldrain;

import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

/**
 * The admission of work as one atomic int: a count and a sealed bit. Check and act are one step, so
 * nothing begins after a seal, and what has begun is known to the one who seals.
 */
final class Gate {
  // The lowest bit, and the count above it: no count, however wrong, turns the seal over.
  private static final int SEALED = 1;
  private static final int ONE = 2;

  // Every connection has a gate: so the int is a field of it, and not one more object.
  private static final AtomicIntegerFieldUpdater<Gate> STATE =
      AtomicIntegerFieldUpdater.newUpdater(Gate.class, "state");

  private volatile int state;

  /** Counts one in, unless sealed. */
  boolean tryEnter() {
    int seen;
    do {
      seen = state;
      if ((seen & SEALED) != 0) {
        return false;
      }
    } while (!STATE.compareAndSet(this, seen, seen + ONE));
    return true;
  }

  /** Counts one in beside one that is in already, sealed or not. */
  boolean tryJoin() {
    int seen;
    do {
      seen = state;
      if (seen <= SEALED) {
        return false;
      }
    } while (!STATE.compareAndSet(this, seen, seen + ONE));
    return true;
  }

  /** Counts one out. */
  void exit() {
    if (STATE.getAndAdd(this, -ONE) <= SEALED) {
      STATE.getAndAdd(this, ONE);
      throw new IllegalStateException("exit without a matching enter");
    }
  }

  /** Seals if nothing is in; one step. */
  boolean sealIfIdle() {
    return STATE.compareAndSet(this, 0, SEALED);
  }

  /** Seals whatever is in. */
  void seal() {
    STATE.getAndUpdate(this, seen -> seen | SEALED);
  }

  /** Lets work begin again. */
  void open() {
    STATE.getAndUpdate(this, seen -> seen & ~SEALED);
  }

  boolean sealed() {
    return (state & SEALED) != 0;
  }

  int inside() {
    return state / ONE;
  }
}
