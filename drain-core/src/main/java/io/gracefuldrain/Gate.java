package io.gracefuldrain;

import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

/**
 * The admission of work as one atomic int: a count and a sealed bit. Check and act are one step:
 * nothing begins after a seal, and the seal knows all that has begun.
 */
final class Gate {
  // The seal is the lowest bit, and the count is above it: no wrong count flips the seal.
  private static final int SEALED = 1;
  private static final int ONE = 2;

  // Every connection has a gate: so the int is a field and not one more object.
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

  /** Counts one more in while another is in, sealed or not. */
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

  /** Counts one that ends. */
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

  /** Seals, even with work inside. */
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
