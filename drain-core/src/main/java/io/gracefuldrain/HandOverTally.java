package io.gracefuldrain;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** Counts the hand-over of sessions over a coordinator's life. Thread-safe. */
final class HandOverTally {
  final LongAdder kept = new LongAdder();
  final LongAdder offered = new LongAdder();
  final LongAdder taken = new LongAdder();
  final LongAdder expired = new LongAdder();
  final LongAdder packets = new LongAdder();
  final LongAdder bytes = new LongAdder();

  /** How many bytes are kept now. */
  final AtomicLong room = new AtomicLong();

  // Filled once, and only read after that.
  private final Map<String, LongAdder> refused = new TreeMap<>();
  private final Map<HandOverResult, Stopwatch> fetched = new EnumMap<>(HandOverResult.class);

  HandOverTally() {
    HandOverCounts.reasons().forEach(reason -> refused.put(reason, new LongAdder()));
    for (HandOverResult result : HandOverResult.values()) {
      fetched.put(result, new Stopwatch());
    }
  }

  void refused(String reason) {
    LongAdder count = refused.get(reason);
    (count == null ? Objects.requireNonNull(refused.get("other")) : count).increment();
  }

  void fetched(HandOverResult result, long nanos) {
    Objects.requireNonNull(fetched.get(result)).record(nanos);
  }

  HandOverCounts counts() {
    Map<String, Long> reasons = new TreeMap<>();
    refused.forEach(
        (reason, count) -> {
          if (count.sum() > 0) {
            reasons.put(reason, count.sum());
          }
        });
    Map<HandOverResult, Long> results = new EnumMap<>(HandOverResult.class);
    timings()
        .forEach(
            (result, timing) -> {
              if (timing.count() > 0) {
                results.put(result, timing.count());
              }
            });
    return new HandOverCounts(
        kept.sum(),
        offered.sum(),
        taken.sum(),
        expired.sum(),
        reasons,
        packets.sum(),
        bytes.sum(),
        results);
  }

  Map<HandOverResult, DrainTotals.Timing> timings() {
    Map<HandOverResult, DrainTotals.Timing> timings = new EnumMap<>(HandOverResult.class);
    fetched.forEach((result, stopwatch) -> timings.put(result, stopwatch.timing()));
    return timings;
  }
}
