package io.gracefuldrain;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes the reports of a drain from where everything stands; called with the coordinator's lock.
 */
final class Reports {
  private final DrainPolicy policy;
  private final Counters counters;
  private final Course course;
  private final Roster roster;
  private final StripedGate work;

  Reports(Shared shared) {
    this.policy = shared.policy();
    this.counters = shared.counters();
    this.course = shared.course();
    this.roster = shared.roster();
    this.work = shared.work();
  }

  /** The drain as it stands. */
  DrainReport at(long now) {
    DrainBook book = course.book();
    Course.Face face = course.face();
    DrainPhase phase = face.phase();
    boolean over = book.drained || book.epoch == 0;
    int[] working = {work.inFlight()};
    roster.forEach(tracked -> working[0] += tracked.leases.gate().inside());
    return new DrainReport(
        policy.pod(),
        policy.generation(),
        book.epoch,
        phase,
        face.ready(),
        List.copyOf(book.reasons),
        book.startedAt,
        Duration.ofNanos(book.epoch == 0 ? 0 : (over ? book.endedAt : now) - book.begunAt),
        book.phases(phase, now - course.since()),
        roster.size(),
        book.tracked,
        book.late,
        phase.draining() ? roster.size() : 0,
        book.outcomes,
        working[0],
        book.workAbandoned,
        book.workExpired,
        oldestWork(now),
        counters.refused.sum() - book.refusedBefore,
        book.failures,
        book.compressed,
        Duration.ofNanos(course.budgetRemaining(now)),
        book.moves.spread(),
        book.landings.spread(),
        book.slowest());
  }

  private DrainReport.@Nullable OldestWork oldestWork(long now) {
    OldestSearch search = new OldestSearch(now);
    search.consider("pod", work.oldest());
    roster.forEach(search::consider);
    return search.found();
  }
}
