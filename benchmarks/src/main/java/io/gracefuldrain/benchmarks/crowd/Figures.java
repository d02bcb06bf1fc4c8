package io.gracefuldrain.benchmarks.crowd;

import io.gracefuldrain.lab.raw.Move;
import io.gracefuldrain.lab.raw.Moved;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;

/** How figures are made of what was seen. Pure functions. */
final class Figures {
  /** The stretch in which arrivals are counted. */
  static final Duration STRETCH = Duration.ofMillis(100);

  private static final double MILLI = 1e6;

  private Figures() {}

  /** The median and the 99th percentile, to the microsecond if these are milliseconds. */
  static Quantiles spread(DoubleStream values) {
    double[] sorted = values.sorted().toArray();
    return new Quantiles(rounded(quantile(sorted, 0.5)), rounded(quantile(sorted, 0.99)));
  }

  /** What so much of all does not exceed; 0 if there is none. */
  static double quantile(double[] sorted, double share) {
    if (sorted.length == 0) {
      return 0;
    }
    int rank = (int) Math.ceil(share * sorted.length);
    return sorted[Math.max(1, rank) - 1];
  }

  static double rounded(double value) {
    return Math.round(1000 * value) / 1000.0;
  }

  /** What the crowd felt. */
  static Found.Crowd crowd(Moved moved, int forced) {
    List<Move> moves = moved.moves();
    return new Found.Crowd(
        moves.size(),
        (int) moves.stream().filter(Move::reset).count(),
        forced,
        moved.failedConnects(),
        spread(moves.stream().mapToDouble(m -> m.awayNanos() / MILLI / Math.max(1, m.backOffMs()))),
        spread(moves.stream().mapToDouble(m -> m.awayNanos() / MILLI)),
        spread(moves.stream().mapToDouble(m -> m.connectNanos() / MILLI)),
        moved.sent(),
        moved.sent() - moved.answered());
  }

  /**
   * How they came.
   *
   * @param beganAt when the end began, by {@link System#nanoTime}
   */
  static Found.Arrivals arrivals(Moved moved, int clients, Duration window, long beganAt) {
    long first = moved.firstCut();
    int[] sinceFirst = curve(moved.attempts(), first);
    return new Found.Arrivals(
        rounded((first - beganAt) / MILLI),
        rounded((moved.lastCut() - first) / MILLI),
        rounded((moved.lastBack() - first) / MILLI),
        rounded(peakOverMean(sinceFirst, clients, window)),
        spread(Arrays.stream(slotErrors(moved, first)).map(nanos -> nanos / MILLI)),
        Arrays.stream(curve(moved.attempts(), beganAt)).boxed().toList());
  }

  /** The busiest stretch, beside the mean of all stretches of the window if all came evenly. */
  static double peakOverMean(int[] curve, int clients, Duration window) {
    double mean = (double) clients * STRETCH.toNanos() / window.toNanos();
    return Arrays.stream(curve).max().orElse(0) / mean;
  }

  /** How many moments are in each stretch since another moment. */
  static int[] curve(List<Long> moments, long since) {
    int last = moments.stream().mapToInt(at -> stretch(at - since)).max().orElse(-1);
    int[] counts = new int[last + 1];
    moments.forEach(at -> counts[stretch(at - since)]++);
    return counts;
  }

  private static int stretch(long nanos) {
    return Math.toIntExact(Math.max(0, nanos) / STRETCH.toNanos());
  }

  /** How far each end of a connection is from even ones between the first and the last. */
  private static double[] slotErrors(Moved moved, long first) {
    long[] since = moved.moves().stream().mapToLong(m -> m.cutAt() - first).sorted().toArray();
    return slotErrors(since);
  }

  static double[] slotErrors(long[] sorted) {
    double[] errors = new double[sorted.length];
    double each = sorted.length < 2 ? 0 : (double) sorted[sorted.length - 1] / (sorted.length - 1);
    for (int i = 0; i < sorted.length; i++) {
      errors[i] = Math.abs(sorted[i] - i * each);
    }
    return errors;
  }
}
