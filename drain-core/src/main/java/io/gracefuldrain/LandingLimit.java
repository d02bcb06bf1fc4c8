package io.gracefuldrain;

import java.util.concurrent.TimeUnit;

/**
 * How many clients may be on their way to other pods at the same time, after all that was seen of
 * those that have landed: a pure function of the last limit and one landing. The limit grows while
 * landings take what they took at best and somebody waits for it. It shrinks when they take longer,
 * and falls to what is used when less is. Nobody goes without one who lands, so it needs no rule
 * for receivers that take nobody. Immutable; times are in nanoseconds.
 *
 * @param least below which it never falls
 * @param limit how many may be on their way
 * @param cutAt when it was last made smaller because landings took longer
 */
record LandingLimit(double least, double limit, long cutAt) {
  /** How clients move that say when they have landed. */
  enum Way {
    /** By a hint: they connect at once, and differences below a fifth of a second are none. */
    HINTED(TimeUnit.MILLISECONDS.toNanos(200)),
    /** After the back-off of a stock client, a second on average; their sessions are taken. */
    KEPT(TimeUnit.SECONDS.toNanos(1));

    /** What a landing takes where nothing is in its way, at least. */
    final long usual;

    Way(long usual) {
      this.usual = usual;
    }
  }

  /**
   * How long landings of one way take.
   *
   * @param base at best, smoothed; 0 before the first one
   * @param recent lately, smoothed
   */
  record Pace(double base, double recent) {
    static final Pace UNKNOWN = new Pace(0, 0);

    private static final double WEIGHT = 0.1;

    // One client that was very slow says little about the others.
    private static final double MOST = 4;

    /** After one more landing. */
    Pace landed(Way way, long took) {
      if (base == 0) {
        double first = (double) Math.max(way.usual, took);
        return new Pace(first, first);
      }
      double seen = Math.max((double) way.usual, Math.min((double) took, MOST * base));
      double smooth = recent + WEIGHT * (seen - recent);
      return new Pace(Math.min(base, smooth), smooth);
    }

    /** How many times as long as at best landings take lately. */
    double stretch() {
      return base == 0 ? 1 : recent / base;
    }
  }

  /** Landings that take less than this much of their best are as quick as ever. */
  static final double TOLERANCE = 1.5;

  /** How many times as fast as planned connections go at most that were held back. */
  static final double CATCH_UP = 2;

  private static final double MOST_CUT = 0.5;
  private static final double USED = 0.8;
  private static final double UNUSED = 0.5;
  private static final int FEWEST = 10;
  private static final long LEAST_SPAN = TimeUnit.MILLISECONDS.toNanos(200);

  /**
   * The first limit: as many as go within a span of time.
   *
   * @param perNano how many connections a nanosecond are to be let go
   */
  static LandingLimit of(double perNano, long span, long now) {
    double least = Math.max(FEWEST, perNano * LEAST_SPAN);
    return new LandingLimit(least, Math.max(least, perNano * span), now);
  }

  /**
   * After one more landing.
   *
   * @param pace of its way, with this landing
   * @param inTransit how many were on their way, with this one
   */
  LandingLimit landed(Pace pace, int inTransit, long now) {
    if (pace.stretch() > TOLERANCE) {
      return now - cutAt >= pace.base() ? cut(pace.stretch(), inTransit, now) : this;
    } else if (inTransit >= limit * USED) {
      return new LandingLimit(least, limit + 1, cutAt);
    } else if (inTransit < limit * UNUSED) {
      return new LandingLimit(least, Math.max(least, limit - 1), cutAt);
    }
    return this;
  }

  /** At most once in the time that a landing takes: the next ones were on their way before. */
  private LandingLimit cut(double stretch, int inTransit, long now) {
    double share = Math.max(MOST_CUT, TOLERANCE / stretch);
    return new LandingLimit(least, Math.max(least, Math.min(limit, inTransit) * share), now);
  }

  /**
   * How many have to go now, also if nobody lands: as many as would otherwise have to go at more
   * than twice the rate at which all of them were to go. So half of a window may be held back, and
   * the rest goes evenly.
   *
   * @param remaining how many wait for their slot
   * @param timeLeft until the last slot
   * @param perNano at which rate all of them were to go
   */
  static int behind(int remaining, long timeLeft, double perNano) {
    return (int) Math.ceil(Math.max(0, remaining - CATCH_UP * perNano * Math.max(0, timeLeft)));
  }

  /** How many more may go. */
  int room(int inTransit) {
    return (int) Math.max(0, limit - inTransit);
  }
}
