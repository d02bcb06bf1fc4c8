package io.gracefuldrain;

import java.time.Duration;
import java.util.List;

/**
 * Makes the reports of a drain from where everything stands; called with the coordinator's lock.
 */
final class ReportBuilder {
  private final DrainPolicy policy;
  private final Counters counters;
  private final PhaseState state;
  private final Roster roster;
  private final StripedGate work;
  private final Transit transit;
  private final List<String> keys;

  ReportBuilder(
      DrainPolicy policy,
      Counters counters,
      PhaseState state,
      Roster roster,
      StripedGate work,
      Transit transit) {
    this.policy = policy;
    this.counters = counters;
    this.state = state;
    this.roster = roster;
    this.work = work;
    this.transit = transit;
    this.keys = policy.handsOver() ? policy.ticketKeyNames() : List.of();
  }

  /** The drain as it stands. */
  DrainReport at(long now) {
    DrainRecord record = state.record();
    PhaseState.Face face = state.face();
    DrainPhase phase = face.phase();
    OldestSearch found = search(now);
    return new DrainReport(
        policy.pod(),
        policy.generation(),
        state.process(),
        record.epoch(),
        phase,
        face.ready(),
        record.reasons(),
        record.notes(),
        record.startedAt(),
        record.elapsed(now),
        record.phases(phase, now - state.since()),
        roster.size(),
        record.tracked(),
        record.late(),
        phase.draining() ? roster.size() : 0,
        record.outcomes(),
        found.inFlight(),
        record.workAbandoned(),
        record.workExpired(),
        found.found(),
        counters.refused.sum() - record.refusedBefore(),
        record.failures(),
        record.compressed(),
        Duration.ofNanos(state.budgetRemaining(now)),
        record.moves(),
        record.landings(),
        transit.report(),
        counters.shedAsked.sum(),
        counters.shedCameBack.sum(),
        keys,
        policy.handsOver() ? record.handedOver(counters.handOver.counts()) : null,
        record.slowest());
  }

  /** How much work is in flight: of the pod, of connections, and of those that it has outlived. */
  int workInFlight(long now) {
    return search(now).inFlight();
  }

  /** Looks at every connection once. */
  private OldestSearch search(long now) {
    OldestSearch search = new OldestSearch(now);
    search.consider(work);
    roster.forEachHolder(search::consider);
    return search;
  }
}
