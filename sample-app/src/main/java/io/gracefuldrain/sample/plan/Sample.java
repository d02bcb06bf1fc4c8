package io.gracefuldrain.sample.plan;

import io.gracefuldrain.lab.raw.Move;
import io.gracefuldrain.lab.raw.Moved;
import java.time.Duration;

/**
 * How the clients of one pod moved to another: of a real drain, or of a simulated one.
 *
 * @param moved how many came back
 * @param failedConnects attempts that failed
 * @param slots from the first connection let go to the last one
 * @param connect from an attempt to its connection, in milliseconds
 * @param away without a connection, in milliseconds
 * @param arrivals in stretches of 100 ms since the first slot
 */
record Sample(
    int moved,
    int failedConnects,
    Duration slots,
    Times.Spread connect,
    Times.Spread away,
    Curve arrivals) {

  static Sample of(Result result) {
    return new Sample(
        (int) result.clients().away().count(),
        result.clients().failedConnects(),
        result.course().slots(),
        result.clients().connect(),
        result.clients().away(),
        result.arrivals());
  }

  static Sample of(Moved moved) {
    long first = moved.firstCut();
    Curve arrivals = new Curve(Seen.STRETCH.toNanos());
    moved.attempts().forEach(at -> arrivals.add(at - first));
    Times connects = new Times();
    Times away = new Times();
    for (Move move : moved.moves()) {
      connects.add(move.connectNanos());
      away.add(move.awayNanos());
    }
    return new Sample(
        moved.moves().size(),
        moved.failedConnects(),
        Duration.ofNanos(moved.lastCut() - first),
        connects.spread(),
        away.spread(),
        arrivals);
  }

  /** Arrivals in the busiest stretch, beside the mean at which clients were let go. */
  double peakOverMean() {
    return arrivals.most() / mean();
  }

  private double mean() {
    return moved / (slots.toNanos() / (double) Seen.STRETCH.toNanos());
  }

  /**
   * How far its arrivals are from those of others: the root of the mean square of the differences,
   * as a share of the mean at which clients were let go.
   *
   * @param others the mean of several curves
   */
  double distance(double[] others) {
    int[] counts = arrivals.counts();
    int length = Math.max(others.length, counts.length);
    double sum = 0;
    for (int i = 0; i < length; i++) {
      double here = i < counts.length ? counts[i] : 0;
      double there = i < others.length ? others[i] : 0;
      sum += (here - there) * (here - there);
    }
    return Math.sqrt(sum / length) / mean();
  }
}
