package io.gracefuldrain;

/**
 * How many slots of a window have come at a step, when each of them was meant to be, and when the
 * next one comes. Guarded by the coordinator's lock.
 */
final class SlotPace {
  // How exactly the next slot's time is found.
  private static final long PRECISION = 50_000L;

  private final Pacing pacing;
  private final Transit transit;
  private boolean begun;
  private long lastGiven;
  // Whether more slots have come than the last step has given.
  private boolean owes;
  // The time whose slots the last step has given.
  private long from;
  private int given;

  SlotPace(Pacing pacing, Transit transit) {
    this.pacing = pacing;
    this.transit = transit;
  }

  /** Forgets the slots of an earlier window. */
  void reset() {
    begun = false;
    owes = false;
  }

  /** Whether the window's first slot was given. */
  boolean begun() {
    return begun;
  }

  /** Whether more slots have come than the last step has given. */
  boolean owes() {
    return owes;
  }

  /**
   * How many slots are given now.
   *
   * @param remaining connections that wait for their slot
   * @param left until the last slot
   * @param most in one step
   */
  int take(int remaining, long left, int most, long now) {
    owes = false;
    if (remaining == 0) {
      return 0;
    }
    long since = begun ? now - lastGiven : -1;
    double accrued = Math.min(remaining, pacing.quota(remaining, left, since));
    if (accrued < 1) {
      return 0;
    }
    int due = (int) accrued;
    int allowed = transit.allowed(due, remaining, left, now);
    given = Math.min(most, allowed);
    owes = allowed > given;
    // An accrued fraction of a slot is carried over; slots lost in a stall, or held back, are not.
    double counted = owes ? given : Math.max(given, accrued - 1);
    long last = begun ? lastGiven + (long) (since * (counted / accrued)) : now;
    from = last - (begun ? Math.min(last - lastGiven, Pacing.STALL.toNanos()) : 0);
    lastGiven = last;
    begun = true;
    return given;
  }

  /** When a slot of this step was meant to be, counted from 1. */
  long intended(int slot) {
    return from + (lastGiven - from) * slot / given;
  }

  /**
   * How long it is until the next slot, but a tick at least: slots that come more often share a
   * step, whose price is two threads' waking.
   *
   * @param remaining connections that wait for their slot
   * @param left until the last slot
   */
  long next(int remaining, long left, long now) {
    if (remaining == 0) {
      return StepLoop.LONGEST;
    }
    long since = begun ? now - lastGiven : -1;
    // Before the window, after it, and while what has come is held back.
    boolean due = !begun || left <= 0 || pacing.quota(remaining, left, since) >= 1;
    return due ? StepLoop.TICK : Math.max(StepLoop.TICK, untilOne(remaining, left, since));
  }

  /** How long it is until a slot has come; a pacing gives no fewer when it waits longer. */
  private long untilOne(int remaining, long left, long since) {
    long before = 0;
    long after = left;
    while (after - before > PRECISION) {
      long middle = before + (after - before) / 2;
      if (pacing.quota(remaining, left - middle, since + middle) >= 1) {
        after = middle;
      } else {
        before = middle;
      }
    }
    return after;
  }
}
