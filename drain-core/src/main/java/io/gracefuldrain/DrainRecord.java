package io.gracefuldrain;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The record of one drain, kept while it lasts. Guarded by the coordinator's lock. */
final class DrainRecord {
  static final int SLOWEST = 5;
  static final int NOTES = 8;

  /** So many connections must be lost at once for it to be worth a word. */
  static final int LEAST_AT_ONCE = 3;

  private static final long SECOND = 1_000_000_000L;

  private final long epoch;
  private final @Nullable Instant startedAt;
  private final long begunAt;
  private final long refusedBefore;
  private final List<DrainReason> reasons = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private final Map<DrainPhase, Long> phases = new EnumMap<>(DrainPhase.class);
  private final Map<Outcome, Integer> outcomes = new EnumMap<>(Outcome.class);
  private final Histogram moves = new Histogram();
  private final Histogram landings = new Histogram();
  private final List<DrainReport.SlowMove> slowest = new ArrayList<>();
  private final List<Waiter> waiters = new ArrayList<>();

  // When connections were lost in the last second, and the most in any.
  private final ArrayDeque<Long> lately = new ArrayDeque<>();
  private int lostAtOnce;
  private int tracked;
  private int accounted;
  private int late;
  private int failures;
  private int workExpired;
  private int workAbandoned;
  private int tenthsTold;
  private boolean compressed;
  private HandOverCounts handedOverBefore = HandOverCounts.NONE;
  private boolean drained;
  private long endedAt;
  // As it was written; later events are in the status only.
  private @Nullable DrainReport receipt;
  private @Nullable DrainReport completedWith;

  /** Whoever has asked for the drain, and waits for its end. */
  private record Waiter(DrainReason reason, CompletableFuture<DrainReport> future) {}

  DrainRecord(
      long epoch, @Nullable Instant startedAt, long begunAt, int tracked, long refusedBefore) {
    this.epoch = epoch;
    this.startedAt = startedAt;
    this.begunAt = begunAt;
    this.tracked = tracked;
    this.refusedBefore = refusedBefore;
  }

  /** The record before the first drain. */
  static DrainRecord blank(long now) {
    return new DrainRecord(0, null, now, 0, 0);
  }

  // ---------------------------------------------------------------- what happens in the drain

  /** Somebody asks for the drain, perhaps not the first time. */
  void asked(DrainReason reason) {
    if (!reasons.contains(reason)) {
      reasons.add(reason);
    }
  }

  /** An asker has said something of it. Of very many notes, the first are kept. */
  void noted(@Nullable String note) {
    if (note != null && notes.size() < NOTES && !notes.contains(note)) {
      notes.add(note);
    }
  }

  /** The drain has something to say of itself, besides what its askers have said. */
  void remarked(String remark) {
    notes.add(remark);
  }

  /** What had been handed over before this drain. */
  void handedOverBefore(HandOverCounts counts) {
    handedOverBefore = counts;
  }

  void tightened() {
    compressed = true;
  }

  /** A phase has ended; time after the end of the drain is no part of it. */
  void phaseEnded(DrainPhase phase, long took) {
    if (!drained) {
      phases.merge(phase, took, Long::sum);
    }
  }

  void admitted() {
    tracked++;
  }

  /** One of those admitted came when others were being let go. */
  void admittedLate() {
    late++;
  }

  void landed(long connectTime) {
    landings.record(connectTime);
  }

  /** A call to a connection or a participant failed. */
  void callFailed() {
    failures++;
  }

  /** So many leases had outlived their limit. */
  void expired(int leases) {
    workExpired += leases;
  }

  /** Counts abandoned leases. */
  void abandoned(int leases) {
    workAbandoned += leases;
  }

  /** A connection has gone without a goodbye, nobody having asked it to close. */
  void lost(long now) {
    lately.add(now);
    while (now - lately.element() > SECOND) {
      lately.remove();
    }
    lostAtOnce = Math.max(lostAtOnce, lately.size());
  }

  /**
   * How many connections were lost within one second, if these are most of all; otherwise zero. Few
   * connections may be lost together by chance.
   */
  int lostAtOnce() {
    return lostAtOnce >= LEAST_AT_ONCE && lostAtOnce > tracked / 2 ? lostAtOnce : 0;
  }

  /** A connection has its outcome. */
  void ended(TrackedConnection connection, String transport, Outcome outcome, long now) {
    outcomes.merge(outcome, 1, Integer::sum);
    accounted++;
    if (!connection.slot().given() || outcome == Outcome.KEPT) {
      return;
    }
    long took = connection.slot().since(now);
    moves.record(took);
    if (slowest.size() < SLOWEST || slowest.get(slowest.size() - 1).took().toNanos() < took) {
      slowest.add(
          new DrainReport.SlowMove(connection.id, transport, outcome, Duration.ofNanos(took)));
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

  /** How many connections have their outcome. */
  int accounted() {
    return accounted;
  }

  /** The drain has come to its end, or was recalled. */
  void endedAt(long now) {
    drained = true;
    endedAt = now;
  }

  /** The receipt is written. */
  void issued(DrainReport report) {
    receipt = report;
  }

  /**
   * Completes when the drain does. Each asker has one of its own, so that none waits for what
   * another does when it is told. A caller cannot complete it.
   */
  CompletionStage<DrainReport> waiter(DrainReason reason) {
    if (completedWith != null) {
      return CompletableFuture.completedStage(completedWith);
    }
    CompletableFuture<DrainReport> future = new CompletableFuture<>();
    waiters.add(new Waiter(reason, future));
    return future.minimalCompletionStage();
  }

  /**
   * What tells the askers, those first that end the process. To be run without the lock, since they
   * are foreign code.
   */
  List<Runnable> completions(Consumer<CompletableFuture<DrainReport>> completion) {
    return waiters.stream()
        .sorted(Comparator.comparing(waiter -> !waiter.reason().terminates()))
        .<Runnable>map(waiter -> () -> completion.accept(waiter.future()))
        .toList();
  }

  /** The drain is over for its askers. */
  void completedWith(DrainReport report) {
    completedWith = report;
    waiters.clear();
  }

  // ---------------------------------------------------------------- what it says

  /** How many drains this process has begun; 0 before the first. */
  long epoch() {
    return epoch;
  }

  List<DrainReason> reasons() {
    return List.copyOf(reasons);
  }

  List<String> notes() {
    return List.copyOf(notes);
  }

  @Nullable Instant startedAt() {
    return startedAt;
  }

  Duration elapsed(long now) {
    return Duration.ofNanos(epoch == 0 ? 0 : (drained ? endedAt : now) - begunAt);
  }

  /** How long each phase took; the current one, so far. */
  Map<DrainPhase, Duration> phases(DrainPhase current, long currentFor) {
    Map<DrainPhase, Duration> all = new EnumMap<>(DrainPhase.class);
    phases.forEach((phase, nanos) -> all.put(phase, Duration.ofNanos(nanos)));
    if (current.draining() && !drained) {
      all.put(current, Duration.ofNanos(currentFor));
    }
    return all;
  }

  int tracked() {
    return tracked;
  }

  int late() {
    return late;
  }

  Map<Outcome, Integer> outcomes() {
    return Map.copyOf(outcomes);
  }

  int workAbandoned() {
    return workAbandoned;
  }

  int workExpired() {
    return workExpired;
  }

  /** How many handshakes the coordinator had refused before this drain. */
  long refusedBefore() {
    return refusedBefore;
  }

  /** What has been handed over in this drain, given what has been in all. */
  HandOverCounts handedOver(HandOverCounts counts) {
    return counts.since(handedOverBefore);
  }

  int failures() {
    return failures;
  }

  boolean compressed() {
    return compressed;
  }

  DrainReport.Spread moves() {
    return moves.spread();
  }

  DrainReport.Spread landings() {
    return landings.spread();
  }

  List<DrainReport.SlowMove> slowest() {
    return List.copyOf(slowest);
  }

  /** Whether the drain has come to its end, or was recalled. */
  boolean drained() {
    return drained;
  }

  /** The receipt, once it is written. */
  @Nullable DrainReport receipt() {
    return receipt;
  }

  /** Whether the drain has completed. */
  boolean completed() {
    return completedWith != null;
  }
}
