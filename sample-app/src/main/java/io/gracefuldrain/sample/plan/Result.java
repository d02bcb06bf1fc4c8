package io.gracefuldrain.sample.plan;

import java.time.Duration;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What came out of a rollout.
 *
 * @param clients what its clients felt
 * @param load what its pods had to take
 * @param course how it went
 * @param arrivals of clients at all pods, in stretches of 100 ms since the first slot
 */
record Result(Scenario scenario, Felt clients, Load load, Course course, Curve arrivals) {
  /**
   * What clients felt.
   *
   * @param moves how often a client has changed its connection, on average
   * @param mostMoves how often at most
   * @param connect from an attempt to its connection, in milliseconds
   * @param away without a connection, in milliseconds
   * @param aware from an aware client's hint to its new connection, in milliseconds
   * @param failedConnects attempts that were refused or took too long
   * @param timeOuts attempts that took too long
   * @param cut connections that ended because time was up
   * @param recovered how many sessions were handed over
   * @param notRecovered how many clients that recover came back too late for it
   */
  record Felt(
      double moves,
      int mostMoves,
      Times.Spread connect,
      Times.Spread away,
      Times.Spread aware,
      int failedConnects,
      int timeOuts,
      int cut,
      int recovered,
      int notRecovered) {}

  /**
   * What pods had to take.
   *
   * @param largestCrowd the most connections of a pod when its drain began
   * @param busiest the most handshakes that a pod had to take in five seconds, as a share of what
   *     it can
   * @param busiestSecond the same in one second
   * @param peakOverMean arrivals in the busiest 100 ms, beside the mean at which clients were let
   *     go
   * @param deepest the most handshakes that were at a new pod at the same time
   * @param bystanders how long whoever is at a new pod already would wait while others drain,
   *     looked at every 20 ms, in milliseconds
   */
  record Load(
      int largestCrowd,
      double busiest,
      double busiestSecond,
      double peakOverMean,
      int deepest,
      Times.Spread bystanders) {}

  /**
   * How the rollout went.
   *
   * @param took from its start to the end of the last old pod
   * @param longestDrain of a pod, from its deletion to its end
   * @param slots from the first slot of all to the last one
   * @param drainsAtOnce how many pods drained at the same time, at most
   * @param pods how many there were at the same time, at most, with those that drain
   */
  record Course(Duration took, Duration longestDrain, Duration slots, int drainsAtOnce, int pods) {}

  static Result of(
      Scenario scenario, Seen seen, List<Client> clients, List<Pod> pods, Course course) {
    int most = 0;
    long moves = 0;
    for (Client client : clients) {
      moves += client.moves();
      most = Math.max(most, client.moves());
    }
    Felt felt =
        new Felt(
            (double) moves / clients.size(),
            most,
            seen.connects.spread(),
            seen.away.spread(),
            seen.overlaps.spread(),
            seen.failedConnects(),
            seen.timeOuts(),
            seen.cut(),
            seen.recovered(),
            seen.notRecovered());
    return new Result(
        scenario,
        felt,
        new Load(
            seen.largestCrowd(),
            busiest(pods, pod -> pod.arrivals.ofFiveSeconds() / 5.0),
            busiest(pods, pod -> pod.arrivals.ofOneSecond()),
            peakOverMean(seen, moves),
            pods.stream().mapToInt(pod -> pod.receiver.deepest()).max().orElse(0),
            seen.bystanders.spread()),
        course,
        seen.arrivals);
  }

  private static double busiest(List<Pod> pods, ToDoubleFunction<Pod> perSecond) {
    return pods.stream()
        .mapToDouble(pod -> perSecond.applyAsDouble(pod) / pod.receiver.perSecond())
        .max()
        .orElse(0);
  }

  private static double peakOverMean(Seen seen, long moves) {
    double mean = moves / (seen.slots().toNanos() / (double) Seen.STRETCH.toNanos());
    return moves == 0 || seen.slots().isZero() ? 0 : seen.arrivals.most() / mean;
  }
}
