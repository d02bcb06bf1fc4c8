package io.gracefuldrain;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * The admission of work as one atomic int: a count and a sealed bit. Check and act are one step, so
 * nothing begins after a seal, and what has begun is known to the one who seals.
 */
final class Gate {
  // The lowest bit, and the count above it: no count, however wrong, turns the seal over.
  private static final int SEALED = 1;
  private static final int ONE = 2;

  private final AtomicInteger state = new AtomicInteger();

  /** Counts one in, unless sealed. */
  boolean tryEnter() {
    int seen = state.get();
    while ((seen & SEALED) == 0) {
      int witness = state.compareAndExchange(seen, seen + ONE);
      if (witness == seen) {
        return true;
      }
      seen = witness;
    }
    return false;
  }

  /** Counts one in beside one that is in already, sealed or not. */
  boolean tryJoin() {
    int seen = state.get();
    while (seen > SEALED) {
      int witness = state.compareAndExchange(seen, seen + ONE);
      if (witness == seen) {
        return true;
      }
      seen = witness;
    }
    return false;
  }

  /** Counts one out. */
  void exit() {
    if (state.getAndAdd(-ONE) <= SEALED) {
      state.getAndAdd(ONE);
      throw new IllegalStateException("exit without a matching enter");
    }
  }

  /** Seals if nothing is in; one step. */
  boolean sealIfIdle() {
    return state.compareAndSet(0, SEALED);
  }

  /** Seals whatever is in. */
  void seal() {
    state.getAndUpdate(seen -> seen | SEALED);
  }

  /** Lets work begin again. */
  void open() {
    state.getAndUpdate(seen -> seen & ~SEALED);
  }

  boolean sealed() {
    return (state.get() & SEALED) != 0;
  }

  int inside() {
    return state.get() / ONE;
  }
}
