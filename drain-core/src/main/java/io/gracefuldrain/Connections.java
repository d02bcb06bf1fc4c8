package io.gracefuldrain;

import io.gracefuldrain.Caller.Call;
import io.gracefuldrain.Tracked.Stage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Where connections come and go, and each gets its outcome. Registering one and changing the phase
 * happen under one lock, so nobody slips past a drain.
 */
final class Connections {
  // The transport of a connection that the coordinator ends by itself: foreign code is not asked
  // under the lock.
  private static final String UNKNOWN = "unknown";

  private final Clockwork clock;
  private final Journal journal;
  private final Monitor monitor;
  private final News news;
  private final Counters counters;
  private final Course course;
  private final Roster roster;
  private final Ticker ticker;
  private final Mover mover;
  private final CrashPlans plans;

  Connections(Shared shared, Mover mover, CrashPlans plans) {
    this.clock = shared.clock();
    this.journal = shared.journal();
    this.monitor = shared.monitor();
    this.news = shared.news();
    this.counters = shared.counters();
    this.course = shared.course();
    this.roster = shared.roster();
    this.ticker = shared.ticker();
    this.mover = mover;
    this.plans = plans;
  }

  // ---------------------------------------------------------------- what adapters say

  ConnectionHandle register(DrainableConnection connection) {
    Tracked tracked = new Tracked(this, Objects.requireNonNull(connection, "connection"), clock);
    boolean added = false;
    // The way of everyday: nothing to be told.
    monitor.lock();
    try {
      if (!course.phase().draining()) {
        roster.waiting.add(tracked);
        added = true;
        if (!plans.due()) {
          return tracked;
        }
      }
    } finally {
      monitor.unlock();
    }
    monitor.run(added ? plans::begin : () -> admitLate(tracked));
    return tracked;
  }

  private void admitLate(Tracked tracked) {
    roster.waiting.add(tracked);
    if (course.phase().draining()) {
      course.book().tracked++;
      if (course.phase().lettingGo()) {
        course.book().late++;
        mover.due(tracked, clock.nanos());
        ticker.wake();
      }
    }
  }

  void heard(Tracked tracked) {
    monitor.run(
        () -> {
          if (tracked.stage == Stage.HINTED && !tracked.heard) {
            tracked.heard = true;
            tracked.heardAt = clock.nanos();
          }
        });
  }

  void landed(Tracked tracked, String pod, Duration connectTime) {
    if (Objects.requireNonNull(pod, "pod").equals(course.pod())) {
      return; // it came back to where it was: that is no landing
    }
    monitor.run(
        () -> {
          if (!tracked.ended && !tracked.accounted && !tracked.landed && tracked.slotted) {
            tracked.landed = true;
            if (course.phase().draining()) {
              course.book().landings.record(Math.max(0, Durations.nanos(connectTime)));
            }
          }
        });
  }

  void left(Tracked tracked, Departure how) {
    if (leftUnnoticed(tracked)) {
      return;
    }
    String transport = transport(tracked);
    monitor.run(
        () -> {
          if (!tracked.ended) {
            tracked.ended = true;
            if (!tracked.accounted) {
              account(tracked, transport, tracked.outcome(how), clock.nanos());
              plans.begin();
            }
          }
        });
  }

  /** The way of everyday: nothing to be told. */
  private boolean leftUnnoticed(Tracked tracked) {
    if (course.phase().draining()) {
      return false;
    }
    monitor.lock();
    try {
      if (course.phase().draining() || tracked.stage != Stage.PRESENT) {
        return false;
      }
      tracked.ended = true;
      Roster.Line.remove(tracked);
      if (!plans.due()) {
        return true;
      }
    } finally {
      monitor.unlock();
    }
    monitor.run(plans::begin);
    return true;
  }

  private String transport(Tracked tracked) {
    try {
      return Objects.requireNonNullElse(tracked.connection.transport(), UNKNOWN);
    } catch (Throwable e) { // foreign code; its connection has ended all the same
      journal.warn(LogCode.CONNECTION_FAILED.line().put("connection", tracked.id), e);
      return UNKNOWN;
    }
  }

  /** A call threw or got stuck; returns the calls to be made instead. */
  List<Call> failed(Call call) {
    counters.failures.increment();
    List<Call> calls = new ArrayList<>();
    monitor.run(
        () -> {
          if (course.phase().draining()) {
            course.book().failures++;
          }
          mover.failed(call, clock.nanos(), calls);
        });
    return calls;
  }

  // ---------------------------------------------------------------- outcomes, with the lock

  /** The drain is over: whoever is still here has been cut, and did not say a word. */
  void accountAll(long now) {
    roster.forEach(tracked -> accountSilent(tracked, now));
  }

  /** The drain is recalled: who has not been let go stays. */
  void recall(long now) {
    roster.forEach(
        tracked -> {
          switch (tracked.stage) {
            case LETTING_GO, FORCED -> accountSilent(tracked, now);
            case PRESENT, HINTED, DUE -> keep(tracked, now);
          }
        });
  }

  private void accountSilent(Tracked tracked, long now) {
    account(tracked, UNKNOWN, tracked.outcome(Departure.SILENT), now);
  }

  /** The one place where a connection gets its outcome and leaves the roster. */
  private void account(Tracked tracked, String transport, Outcome outcome, long now) {
    assert monitor.held();
    tracked.accounted = true;
    Roster.Line.remove(tracked);
    counters.ended.add(outcome);
    if (tracked.slotted) {
      counters.moves.record(now - tracked.slotAt);
    }
    if (course.phase().draining()) {
      DrainBook book = course.book();
      book.ended(tracked, transport, outcome, now);
      book.workAbandoned += outcome == Outcome.FORCED ? tracked.leases.gate().inside() : 0;
      tellProgress(book.newTenths(), now);
    }
    news.tell(listener -> listener.connectionEnded(tracked.id, outcome));
  }

  private void tellProgress(int tenths, long now) {
    if (tenths > 0) {
      news.info(
          LogCode.PROGRESS
              .line()
              .put("percent", tenths * 10L)
              .put("remaining", roster.size())
              .put("budgetRemainingMs", course.budgetRemaining(now) / 1_000_000));
    }
  }

  /** It has an outcome in the record of the drain, and stays on the roster as if nothing was. */
  private void keep(Tracked tracked, long now) {
    course.book().ended(tracked, UNKNOWN, Outcome.KEPT, now);
    counters.ended.add(Outcome.KEPT);
    tracked.stage = Stage.PRESENT;
    tracked.slotted = false;
    tracked.seenBusy = false;
    tracked.heard = false;
    tracked.landed = false;
    roster.waiting.add(tracked);
    news.tell(listener -> listener.connectionEnded(tracked.id, Outcome.KEPT));
  }
}
