package io.gracefuldrain;

/**
 * How long each part of a drain may take, in nanoseconds: the budget as pure arithmetic.
 *
 * <p>When there is less time than planned, the parts give up time in a fixed order, the cheapest
 * first: the linger, the readiness delay down to its minimum, the settle grace, the rest of the
 * readiness delay. The move window and the force timeout come last, in proportion. So even in the
 * last second some connections are moved and not only cut.
 */
record Budget(
    long readinessMin,
    long readinessDelay,
    long moveWindow,
    long hintGrace,
    long settleGrace,
    long forceTimeout,
    long linger) {
  private static final long GOODBYE = 1_000_000_000L;

  long total() {
    return readinessDelay + moveWindow + settleGrace + forceTimeout + linger;
  }

  /**
   * How much of the move window a client that gets no hint needs after its slot: it may take a
   * second to read what was queued for it. Mostly the settle grace has that second.
   */
  long goodbye() {
    return Math.min(hintGrace, Math.max(0, GOODBYE - settleGrace));
  }

  /** This budget within a limit; the same one when it fits. */
  Budget fit(long budget) {
    long excess = total() - Math.max(0, budget);
    if (excess <= 0) {
      return this;
    }
    long newLinger = linger - taken(linger, excess);
    excess -= linger - newLinger;
    long spare = Math.max(0, readinessDelay - readinessMin);
    long newReadiness = readinessDelay - taken(spare, excess);
    excess -= readinessDelay - newReadiness;
    long newSettle = settleGrace - taken(settleGrace, excess);
    excess -= settleGrace - newSettle;
    long rest = taken(newReadiness, excess);
    newReadiness -= rest;
    excess -= rest;
    long newForce = forceTimeout;
    long newWindow = moveWindow;
    if (excess > 0) {
      long last = moveWindow + forceTimeout;
      newForce = (long) ((last - excess) * ((double) forceTimeout / last));
      newWindow = Math.min(moveWindow, last - excess - newForce);
    }
    return new Budget(
        Math.min(readinessMin, newReadiness),
        newReadiness,
        newWindow,
        graceWithin(newWindow),
        newSettle,
        newForce,
        newLinger);
  }

  /**
   * A move takes as long in a short window as in a long one. So its grace is kept, up to half of
   * the window, or up to the planned share if that is more. The rest of the window is for pacing.
   */
  private long graceWithin(long window) {
    double planned = moveWindow == 0 ? 0 : (double) hintGrace / moveWindow;
    return Math.min(hintGrace, (long) (window * Math.max(planned, 0.5)));
  }

  private static long taken(long available, long excess) {
    return Math.max(0, Math.min(available, excess));
  }

  /** The budget to come when a phase has so much left; earlier phases get nothing. */
  Budget from(DrainPhase phase, long left) {
    long now = Math.max(0, left);
    boolean moving = phase.compareTo(DrainPhase.MOVING) <= 0;
    long window = !moving ? 0 : phase == DrainPhase.MOVING ? now : moveWindow;
    long delay =
        switch (phase) {
          case STARTING, SERVING -> readinessDelay;
          case UNREADY -> now;
          case MOVING, SETTLING, FORCING, DRAINED -> 0;
        };
    // Time already waited counts towards the minimum.
    long waited = Math.max(0, readinessDelay - delay);
    return new Budget(
        Math.max(0, Math.min(delay, readinessMin - waited)),
        delay,
        window,
        Math.min(hintGrace, window),
        part(phase, DrainPhase.SETTLING, now, settleGrace),
        part(phase, DrainPhase.FORCING, now, forceTimeout),
        part(phase, DrainPhase.DRAINED, now, linger));
  }

  private static long part(DrainPhase at, DrainPhase part, long left, long whole) {
    int order = at.compareTo(part);
    return order < 0 ? whole : order == 0 ? left : 0;
  }

  /** How long the current phase may take; zero for those that somebody ends. */
  long of(DrainPhase phase) {
    return switch (phase) {
      case STARTING, SERVING -> 0;
      case UNREADY -> readinessDelay;
      case MOVING -> moveWindow;
      case SETTLING -> settleGrace;
      case FORCING -> forceTimeout;
      case DRAINED -> linger;
    };
  }
}
