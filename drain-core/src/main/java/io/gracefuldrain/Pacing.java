package io.gracefuldrain;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How many connections to let go now: a pure function of what remains, so that a stalled tick is
 * never repaid as a burst, and arrivals and departures in between cost nothing. The three ways are
 * {@link #even}, {@link #atRate} and {@link #inBatches}. Immutable.
 */
public sealed interface Pacing {
  /**
   * How much of a stall may be made good at once. A quota never exceeds the connections of this
   * much time (but at least one), however long ago the last one was let go.
   */
  Duration STALL = Duration.ofMillis(100);

  /**
   * How many to let go now.
   *
   * @param remaining connections that wait for their slot, more than zero
   * @param timeLeft nanoseconds until the last slot; zero or less after the window
   * @param sinceLast nanoseconds since the last slot, or a negative number before the first
   * @return between 0 and {@code remaining}; all of them after the window. A fraction is carried to
   *     the next call, as time since the last slot
   */
  double quota(int remaining, long timeLeft, long sinceLast);

  /** Evenly over the window: slots of the same length, the first of which begins at once. */
  static Pacing even() {
    return new Even();
  }

  /** At a rate, or faster when the window would not hold all of them at it. */
  static Pacing atRate(int perSecond) {
    return new AtRate(perSecond);
  }

  /**
   * So many at a time, the first at once; larger batches when the window would not hold them all.
   * When it is asked less often than every interval, the batches of the missed intervals go with
   * it.
   */
  static Pacing inBatches(int size, Duration every) {
    return new InBatches(size, every);
  }

  /**
   * Reads {@code even}, {@code rate:500} (connections a second) or {@code batch:100/1s}.
   *
   * @throws IllegalArgumentException if the text is something else
   */
  static Pacing parse(String text) {
    String trimmed = text.trim().toLowerCase(Locale.ROOT);
    Matcher rate = Pattern.compile("rate:(\\d{1,9})").matcher(trimmed);
    Matcher batch = Pattern.compile("batch:(\\d{1,9})/(\\d+[a-z]+)").matcher(trimmed);
    if (trimmed.equals("even")) {
      return even();
    } else if (rate.matches()) {
      return atRate(Integer.parseInt(rate.group(1)));
    } else if (batch.matches()) {
      return inBatches(Integer.parseInt(batch.group(1)), Durations.parse(batch.group(2)));
    }
    throw new IllegalArgumentException(text + " (expected: even, rate:500 or batch:100/1s)");
  }

  /** One after the other at a rate, or as fast as the window needs if that is faster. */
  private static double paced(double perNano, int remaining, long timeLeft, long sinceLast) {
    if (timeLeft <= 0) {
      return remaining;
    } else if (sinceLast < 0) {
      return 1;
    }
    double rate = Math.max(perNano, (double) remaining / timeLeft);
    double most = Math.max(1, Math.ceil(rate * STALL.toNanos()));
    return Math.min(remaining, Math.min(most, rate * sinceLast));
  }

  /** {@link #even()}. */
  record Even() implements Pacing {
    @Override
    public double quota(int remaining, long timeLeft, long sinceLast) {
      return paced(0, remaining, timeLeft, sinceLast);
    }

    @Override
    public String toString() {
      return "even";
    }
  }

  /** {@link #atRate}. */
  record AtRate(int perSecond) implements Pacing {
    /** Refuses a rate at which no connection would ever go. */
    public AtRate {
      if (perSecond < 1) {
        throw new IllegalArgumentException("pacing rate: " + perSecond + " (expected: >= 1)");
      }
    }

    @Override
    public double quota(int remaining, long timeLeft, long sinceLast) {
      return paced(perSecond / 1e9, remaining, timeLeft, sinceLast);
    }

    @Override
    public String toString() {
      return "rate:" + perSecond;
    }
  }

  /** {@link #inBatches}. */
  record InBatches(int size, Duration every) implements Pacing {
    /** Refuses batches in which no connection would ever go. */
    public InBatches {
      if (size < 1) {
        throw new IllegalArgumentException("pacing batch: " + size + " (expected: >= 1)");
      }
      if (every.isNegative() || every.isZero() || every.compareTo(Duration.ofDays(1)) > 0) {
        throw new IllegalArgumentException(
            "pacing interval: " + every + " (expected: > 0 and <= 24h)");
      }
    }

    @Override
    public double quota(int remaining, long timeLeft, long sinceLast) {
      if (timeLeft <= 0) {
        return remaining;
      }
      long interval = every.toNanos();
      long most = Math.max(1, STALL.toNanos() / interval);
      long batches = sinceLast < 0 ? 1 : Math.min(most, sinceLast / interval);
      if (batches == 0) {
        return 0;
      }
      // If the window is a multiple of the interval, the last batch goes at its very end.
      long batchesLeft = batches + timeLeft / interval;
      long needed = (remaining + batchesLeft - 1) / batchesLeft;
      return Math.min(remaining, batches * Math.max(size, needed));
    }

    @Override
    public String toString() {
      return "batch:" + size + "/" + Durations.format(every);
    }
  }
}
