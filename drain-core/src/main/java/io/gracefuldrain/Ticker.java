package io.gracefuldrain;

/** Keeps the coordinator's thread stepping for as long as there is something to do. */
final class Ticker {
  /** How often a drain takes a step. */
  static final long TICK = 20_000_000L;

  private final Clockwork clock;
  private final Monitor monitor;
  private final PhaseState state;
  private final Runnable step;

  // Guarded by the monitor: whether a step is on its way, or goes on.
  private boolean ticking;

  Ticker(Clockwork clock, Monitor monitor, PhaseState state, Runnable step) {
    this.clock = clock;
    this.monitor = monitor;
    this.state = state;
    this.step = step;
  }

  /** There is something to do; called with the lock. */
  void wake() {
    if (!ticking && !state.closed()) {
      ticking = true;
      monitor.after(() -> clock.runAfter(0, step));
    }
  }

  /**
   * A step is over; called with the lock.
   *
   * @return whether {@link #again} is to be called without it
   */
  boolean goesOn(boolean busy) {
    assert monitor.held();
    ticking = busy && !state.closed();
    return ticking;
  }

  /** The next step. */
  void again() {
    clock.runAfter(TICK, step);
  }
}
