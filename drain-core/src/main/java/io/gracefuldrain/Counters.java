package io.gracefuldrain;

import java.util.concurrent.atomic.LongAdder;

/** The numbers that a coordinator counts over its life. Thread-safe. */
final class Counters {
  final Tally<DrainReason> triggers = new Tally<>(DrainReason.class);
  final Tally<Outcome> ended = new Tally<>(Outcome.class);
  final LongAdder refused = new LongAdder();
  final LongAdder compressions = new LongAdder();
  final LongAdder shedAsked = new LongAdder();
  final LongAdder shedCameBack = new LongAdder();
  final LongAdder failures = new LongAdder();
  final HandOverTally handOver = new HandOverTally();
  final Stopwatch moves = new Stopwatch();
  final Stopwatch slotErrors = new Stopwatch();

  DrainTotals totals(long listenerDrops) {
    return new DrainTotals(
        ended.sums(),
        refused.sum(),
        triggers.sums(),
        moves.timing(),
        slotErrors.timing(),
        compressions.sum(),
        failures.sum(),
        listenerDrops,
        handOver.counts(),
        handOver.timings());
  }
}
