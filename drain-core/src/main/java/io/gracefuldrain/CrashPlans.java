package io.gracefuldrain;

import io.gracefuldrain.ConnectionCaller.Call;
import io.gracefuldrain.ConnectionCaller.Kind;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * Tells aware clients anew over which window to come back from a crash, when the number of
 * connections has doubled or halved since they were told: round by round, a few clients at each
 * step. While a drain goes on nobody is told: its clients are about to be.
 *
 * <p>Guarded by the coordinator's lock; clients are called outside it, as all are.
 */
final class CrashPlans {
  /** How many are told at one step: a thousand a second. */
  static final int PER_STEP = 20;

  /** How far the beginnings of two rounds are apart, at the least. */
  static final long BETWEEN = 5_000_000_000L;

  private final int perSecond;
  private final Clockwork clock;
  private final StepFailures failures;
  private final Monitor monitor;
  private final PhaseState state;
  private final Roster roster;
  private final ConnectionCaller caller;

  // How many connections there were when a window was last told to all.
  private int told;
  // A round goes on, or waits for its time.
  private boolean going;
  private boolean begunBefore;
  private long begunAt;
  private Duration window = Duration.ZERO;
  private final ArrayDeque<TrackedConnection> left = new ArrayDeque<>();

  CrashPlans(CoordinatorParts parts, ConnectionCaller caller) {
    this.perSecond = parts.policy().crashRate();
    this.clock = parts.clock();
    this.failures = new StepFailures(parts.journal());
    this.monitor = parts.monitor();
    this.state = parts.state();
    this.roster = parts.roster();
    this.caller = caller;
  }

  /** The window as it is now: what a client that comes is told. */
  Duration window() {
    return CrashWindow.of(roster.size(), perSecond);
  }

  /** Whether {@link #begin} is to be called, the number of connections having changed. */
  boolean due() {
    return !going && !state.phase().draining() && !state.closed() && changed();
  }

  private boolean changed() {
    assert monitor.held();
    if (perSecond == 0 || !CrashWindow.changedMuch(told, roster.size())) {
      return false;
    }
    if (window().equals(CrashWindow.of(told, perSecond))) {
      told = roster.size(); // few connections, or very many: there is nothing new to tell
      return false;
    }
    return true;
  }

  /** A round begins as soon as the last one is long enough ago. */
  void begin() {
    if (!due()) {
      return;
    }
    going = true;
    long wait = begunBefore ? Math.max(0, BETWEEN - (clock.nanos() - begunAt)) : 0;
    monitor.after(() -> clock.runAfter(wait, this::step));
  }

  private void step() {
    boolean goesOn = true;
    try {
      List<Call> calls = new ArrayList<>();
      boolean more = monitor.get(() -> next(calls));
      caller.call(calls);
      goesOn = caller.check() || more; // to the last call's end: one may get stuck
    } catch (Throwable e) { // whatever goes wrong in a step, there is the next
      failures.add(e);
    }
    if (goesOn) {
      clock.runAfter(Ticker.TICK, this::step);
    } else {
      failures.clear();
      monitor.run(this::end);
    }
  }

  /** The calls of one step; returns whether there are more to come. */
  private boolean next(List<Call> calls) {
    if (state.phase().draining() || state.closed()) {
      left.clear();
      told = 0; // so that all hear of it if the drain is recalled
      return false;
    }
    if (window.isZero()) {
      if (!changed()) {
        return false; // what was gone when it was to begin has come back since
      }
      begunBefore = true;
      begunAt = clock.nanos();
      told = roster.size();
      window = window();
      roster.forEach(this::addAware);
    }
    while (calls.size() < PER_STEP && !left.isEmpty()) {
      TrackedConnection tracked = left.remove();
      if (!tracked.ended) {
        Duration plan = window;
        calls.add(new Call(tracked, Kind.PLAN, () -> tracked.connection.plan(plan)));
      }
    }
    return !left.isEmpty();
  }

  private void addAware(TrackedConnection tracked) {
    if (tracked.aware) {
      left.add(tracked);
    }
  }

  private void end() {
    going = false;
    window = Duration.ZERO;
    begin(); // the number may have changed meanwhile
  }
}
