package io.gracefuldrain;

import java.util.Map;

/**
 * A coordinator's counts since its creation, over all drains and sheds; every number only grows.
 * Metrics are made of it.
 *
 * @param ended connections that a drain or a shed ended, by outcome
 * @param handshakesRefused handshakes refused
 * @param triggers how often each reason asked for a drain, joins included
 * @param moves from a connection's slot to its end
 * @param slotErrors how late after their slot connections were let go
 * @param compressions how often a deadline was tightened
 * @param failures calls to connections that threw, blocked or could not be made in time
 * @param listenerDrops news that listeners missed because their queue was full
 * @param handedOver sessions of this pod, for others
 * @param fetched how long it took to get sessions of other pods, or their refusals
 */
public record DrainTotals(
    Map<Outcome, Long> ended,
    long handshakesRefused,
    Map<DrainReason, Long> triggers,
    Timing moves,
    Timing slotErrors,
    long compressions,
    long failures,
    long listenerDrops,
    HandOverCounts handedOver,
    Map<HandOverResult, Timing> fetched) {

  /**
   * A timer's state.
   *
   * @param count how often
   * @param nanos the sum, in nanoseconds
   * @param maxNanos the longest, in nanoseconds
   */
  public record Timing(long count, long nanos, long maxNanos) {}

  /** Copies the parts that can change. */
  public DrainTotals {
    ended = Map.copyOf(ended);
    triggers = Map.copyOf(triggers);
    fetched = Map.copyOf(fetched);
  }
}
