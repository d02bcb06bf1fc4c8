package io.gracefuldrain.benchmarks.crowd;

import java.util.List;

/**
 * What came out of one move.
 *
 * @param load the machine's load average before it
 * @param perSecond how many handshakes a second the first pod took while the crowd connected
 * @param crowd what the crowd felt
 * @param arrivals how they came to the receiver
 * @param bystanders what those felt who were there already
 * @param cost processor time for each client, in microseconds
 */
record Found(
    Way way,
    int clients,
    int run,
    double load,
    long perSecond,
    Crowd crowd,
    Arrivals arrivals,
    Bystanding bystanders,
    Cost cost) {

  /**
   * What the crowd felt.
   *
   * @param moved how many came back
   * @param reset how many connections ended without a FIN
   * @param forced how many the pod says it has cut since time was up
   * @param failedConnects attempts that failed
   * @param awayRatio time away, beside the client's own first back-off: median, 99th percentile
   * @param awayMs time away: median, 99th percentile
   * @param connectMs from an attempt to its connection: median, 99th percentile
   * @param sent messages over the connections that ended, if the crowd uploads
   * @param unanswered how many of these were not answered
   */
  record Crowd(
      int moved,
      int reset,
      int forced,
      int failedConnects,
      Quantiles awayRatio,
      Quantiles awayMs,
      Quantiles connectMs,
      long sent,
      long unanswered) {}

  /**
   * How they came.
   *
   * @param firstCutMs from the beginning of the end to the first end of a connection
   * @param slotsMs from there to the last end of a connection
   * @param lastBackMs from the first end of a connection until everybody was back
   * @param peakOverMean in the busiest 100 ms, beside the mean if all came evenly in the window
   * @param slotErrorMs how far the ends of connections are from even ones: median, 99th percentile
   * @param per100Ms attempts in each 100 ms since the beginning of the end
   */
  record Arrivals(
      double firstCutMs,
      double slotsMs,
      double lastBackMs,
      double peakOverMean,
      Quantiles slotErrorMs,
      List<Integer> per100Ms) {}

  /**
   * Echoes at the receiver, in milliseconds: median, 99th percentile.
   *
   * @param before the crowd moved, from the moment a message was due
   * @param during the move, from its first to its last moment
   * @param roundTripBefore the same from the moment it was sent
   * @param roundTripDuring the same from the moment it was sent
   */
  record Bystanding(
      Quantiles before, Quantiles during, Quantiles roundTripBefore, Quantiles roundTripDuring) {
    double p99Ratio() {
      return during.p99() / before.p99();
    }
  }

  /**
   * Processor time for each client, in microseconds; 0 where the process had ended.
   *
   * @param from of the pod that ends
   * @param fromThreads of its threads alone, without compilers and garbage collection
   * @param coordinator of the drain's own threads among these
   * @param to of the receiver, without what its bystanders cost
   * @param toThreads the same of its threads alone
   */
  record Cost(double from, double fromThreads, double coordinator, double to, double toThreads) {}
}
