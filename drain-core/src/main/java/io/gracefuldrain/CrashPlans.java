package io.gracefuldrain;

import io.gracefuldrain.ConnectionCaller.Call;
import io.gracefuldrain.ConnectionCaller.Kind;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;

/**
 * Tells aware clients again over which window to come back from a crash. A round begins when the
 * number of connections has doubled or halved since the last one, and tells a few clients at each
 * step. During a drain it tells nobody: those clients are about to be hinted.
 *
 * <p>Guarded by the coordinator's lock; clients are called outside it, as all are.
 */
final class CrashPlans implements StepLoop.Task {
  /** How many are told at one step: a thousand a second. */
  static final int PER_STEP = 20;

  /** The least time between the beginnings of two rounds. */
  static final long BETWEEN = 5_000_000_000L;

  private final int perSecond;
  private final Clockwork clock;
  private final PhaseState state;
  private final Roster roster;
  private final StepLoop steps;

  // How many connections there were when a window was last told to all.
  private int told;
  private boolean begunBefore;
  private long begunAt;
  // The window of this round, zero until it has begun; and the clients still to be told.
  private Duration window = Duration.ZERO;
  private final ArrayDeque<TrackedConnection> left = new ArrayDeque<>();

  CrashPlans(CoordinatorParts parts) {
    this.perSecond = parts.policy().crashRate();
    this.clock = parts.clock();
    this.state = parts.state();
    this.roster = parts.roster();
    this.steps = parts.newLoop();
    steps.drive(this);
  }

  /** The window as it is now: a client that comes is told this one. */
  Duration window() {
    return CrashWindow.of(roster.size(), perSecond);
  }

  /** Whether the number of connections has changed so that {@link #begin} is to be called. */
  boolean due() {
    return !steps.awake() && !state.phase().draining() && !state.closed() && changed();
  }

  private boolean changed() {
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
    if (due()) {
      long since = clock.nanos() - begunAt;
      steps.wakeAfter(begunBefore ? Math.max(0, BETWEEN - since) : 0);
    }
  }

  @Override
  public void advance(long now, List<Call> calls) {
    if (state.phase().draining() || state.closed()) {
      left.clear();
      told = 0; // so that all hear of it if the drain is recalled
      return;
    }
    if (window.isZero()) {
      if (!changed()) {
        return; // the connections that had gone have come back since
      }
      begunBefore = true;
      begunAt = now;
      told = roster.size();
      window = window();
      roster.forEach(this::addAware);
    }
    while (calls.size() < PER_STEP && !left.isEmpty()) {
      TrackedConnection tracked = left.remove();
      if (tracked.onRoster()) {
        Duration plan = window;
        calls.add(new Call(tracked, Kind.PLAN, () -> tracked.connection.plan(plan)));
      }
    }
  }

  private void addAware(TrackedConnection tracked) {
    if (tracked.knowsHints()) {
      left.add(tracked);
    }
  }

  @Override
  public boolean goesOn() {
    return !left.isEmpty();
  }

  @Override
  public void rested() {
    window = Duration.ZERO;
    begin(); // the number may have changed meanwhile
  }
}
