package io.gracefuldrain;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The record of one drain, kept while it goes on. Guarded by the coordinator's lock. */
final class DrainRecord {
  static final int SLOWEST = 5;

  final long epoch;
  final CompletableFuture<DrainReport> done = new CompletableFuture<>();
  final List<DrainReason> reasons = new ArrayList<>();
  final @Nullable Instant startedAt;
  final long begunAt;
  final long refusedBefore;

  final Map<Outcome, Integer> outcomes = new EnumMap<>(Outcome.class);
  final Histogram moves = new Histogram();
  final Histogram landings = new Histogram();
  private final Map<DrainPhase, Long> phases = new EnumMap<>(DrainPhase.class);
  private final List<DrainReport.SlowMove> slowest = new ArrayList<>();

  int tracked;
  int late;
  int failures;
  int workExpired;
  int workAbandoned;
  boolean compressed;
  boolean drained;
  // As it went out; what comes after it is in the status only.
  @Nullable DrainReport receipt;
  boolean completed;
  long endedAt;
  private int tenthsTold;

  DrainRecord(
      long epoch, @Nullable Instant startedAt, long begunAt, int tracked, long refusedBefore) {
    this.epoch = epoch;
    this.startedAt = startedAt;
    this.begunAt = begunAt;
    this.tracked = tracked;
    this.refusedBefore = refusedBefore;
  }

  /** The book before the first drain. */
  static DrainRecord blank(long now) {
    return new DrainRecord(0, null, now, 0, 0);
  }

  void phaseTook(DrainPhase phase, long nanos) {
    phases.merge(phase, nanos, Long::sum);
  }

  int accounted() {
    return outcomes.values().stream().mapToInt(Integer::intValue).sum();
  }

  void ended(TrackedConnection tracked, String transport, Outcome outcome, long now) {
    outcomes.merge(outcome, 1, Integer::sum);
    if (!tracked.slotted || outcome == Outcome.KEPT) {
      return;
    }
    long took = now - tracked.slotAt;
    moves.record(took);
    if (slowest.size() < SLOWEST || slowest.get(slowest.size() - 1).took().toNanos() < took) {
      slowest.add(new DrainReport.SlowMove(tracked.id, transport, outcome, Duration.ofNanos(took)));
      slowest.sort(Comparator.comparing(DrainReport.SlowMove::took).reversed());
      if (slowest.size() > SLOWEST) {
        slowest.remove(SLOWEST);
      }
    }
  }

  /** The tenths of the way that are to be told now: 0 when there is nothing new. */
  int newTenths() {
    int tenths = tracked == 0 ? 0 : (int) (10L * accounted() / tracked);
    if (tenths <= tenthsTold) {
      return 0;
    }
    tenthsTold = tenths;
    return tenths;
  }

  List<DrainReport.SlowMove> slowest() {
    return slowest;
  }

  Map<DrainPhase, Duration> phases(DrainPhase current, long currentFor) {
    Map<DrainPhase, Duration> all = new EnumMap<>(DrainPhase.class);
    phases.forEach((phase, nanos) -> all.put(phase, Duration.ofNanos(nanos)));
    if (current.draining() && !drained) {
      all.put(current, Duration.ofNanos(currentFor));
    }
    return all;
  }
}
