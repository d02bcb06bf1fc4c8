package io.gracefuldrain;

import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

/**
 * The admission of work as one atomic int: a count and three bits. Check and act are one step:
 * nothing begins after a seal, and the seal knows all that has begun.
 *
 * <p>A gate with work in it can be <i>closing</i>: the exit that leaves nothing inside seals it,
 * and learns that it did. So exactly one exit hands a closing gate on. A dispatch may still enter
 * late, until the connection's close has begun; the exit that leaves nothing inside then hands it
 * on again.
 */
class Gate {
  // The bits are the lowest, and the count is above them: no wrong count flips a bit.
  private static final int SEALED = 1;
  private static final int CLOSING = 2;
  private static final int BARRED = 4;
  private static final int ONE = 8;

  // Every connection has a gate: so the int is a field and not one more object.
  private static final AtomicIntegerFieldUpdater<Gate> STATE =
      AtomicIntegerFieldUpdater.newUpdater(Gate.class, "state");

  private volatile int state;

  /** Counts a dispatch in, unless sealed or barred. */
  boolean tryEnter() {
    return enterUnless(SEALED | BARRED);
  }

  /** Counts named work in, unless sealed. */
  boolean tryBegin() {
    return enterUnless(SEALED);
  }

  /**
   * Counts a dispatch in that came after the seal and before the close, unless barred. A closing
   * gate is open again until the exit that leaves nothing inside seals it once more.
   */
  boolean tryEnterLate() {
    int seen;
    do {
      seen = state;
      if ((seen & BARRED) != 0) {
        return false;
      }
    } while (!STATE.compareAndSet(this, seen, (seen & ~SEALED) + ONE));
    return true;
  }

  private boolean enterUnless(int bits) {
    int seen;
    do {
      seen = state;
      if ((seen & bits) != 0) {
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
      if (seen < ONE) {
        return false;
      }
    } while (!STATE.compareAndSet(this, seen, seen + ONE));
    return true;
  }

  /**
   * Counts one that ends. If it is the last one of a closing gate, it seals the gate.
   *
   * <p>It takes itself out by a subtraction, which never has to be tried again, and seals after it.
   * Whoever comes in between has entered a gate that was open; then that one's exit seals.
   *
   * @return whether it was the last one, and no other has sealed; nothing is inside from then on
   */
  boolean exit() {
    int left = STATE.addAndGet(this, -ONE);
    if (left < 0) {
      STATE.addAndGet(this, ONE);
      throw new IllegalStateException("exit without a matching enter");
    }
    return lastOfClosing(left) && ((left & SEALED) != 0 || sealIdle());
  }

  private static boolean lastOfClosing(int left) {
    return left < ONE && (left & CLOSING) != 0;
  }

  /** Seals a closing gate with nothing inside; says whether it is this call that did. */
  private boolean sealIdle() {
    int seen;
    do {
      seen = state;
      if (!lastOfClosing(seen) || (seen & SEALED) != 0) {
        return false;
      }
    } while (!STATE.compareAndSet(this, seen, seen | SEALED));
    return true;
  }

  /**
   * Seals as soon as nothing is in: now, or by the exit of the last one.
   *
   * @return whether it is sealed and idle now
   */
  boolean close() {
    int seen;
    int next;
    do {
      seen = state;
      next = seen < ONE ? seen | CLOSING | SEALED : seen | CLOSING;
    } while (seen != next && !STATE.compareAndSet(this, seen, next));
    return next < ONE;
  }

  /** While it is closing, no dispatch begins any more; named work in flight may begin more. */
  void bar() {
    STATE.getAndUpdate(this, seen -> (seen & CLOSING) == 0 ? seen : seen | BARRED);
  }

  /**
   * Takes back {@link #close}, unless it has sealed.
   *
   * @return whether work may begin again
   */
  boolean stayOpen() {
    int seen;
    do {
      seen = state;
      if ((seen & SEALED) != 0) {
        return false;
      }
    } while (!STATE.compareAndSet(this, seen, seen & ~(CLOSING | BARRED)));
    return true;
  }

  /**
   * As {@link #close}, and no dispatch begins any more, be it late.
   *
   * @return whether it is sealed and idle now
   */
  boolean end() {
    int seen;
    int next;
    do {
      seen = state;
      next = seen | CLOSING | BARRED | (seen < ONE ? SEALED : 0);
    } while (seen != next && !STATE.compareAndSet(this, seen, next));
    return next < ONE;
  }

  /** Seals, even with work inside, and lets nothing in late. */
  void shut() {
    STATE.getAndUpdate(this, seen -> seen | SEALED | BARRED);
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
