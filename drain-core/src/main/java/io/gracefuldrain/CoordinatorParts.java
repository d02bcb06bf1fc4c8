package io.gracefuldrain;

/**
 * What the rules of one coordinator share: its settings, its time, its state, and the means to tell
 * others.
 *
 * @param steps the loop of the drain's steps
 */
record CoordinatorParts(
    DrainPolicy policy,
    Clockwork clock,
    Journal journal,
    Monitor monitor,
    Announcements announcements,
    ConnectionCaller caller,
    Counters counters,
    PhaseState state,
    Roster roster,
    StripedGate work,
    StepLoop steps) {

  static CoordinatorParts create(
      DrainPolicy policy,
      Clockwork clock,
      Journal journal,
      Listeners listeners,
      ConnectionCaller caller) {
    Monitor monitor = new Monitor(journal);
    PhaseState state = new PhaseState(policy, monitor::held, clock.nanos());
    return new CoordinatorParts(
        policy,
        clock,
        journal,
        monitor,
        new Announcements(monitor, journal, listeners),
        caller,
        new Counters(),
        state,
        new Roster(),
        new StripedGate(clock),
        new StepLoop(clock, journal, monitor, state, caller));
  }

  /** A loop of steps beside the drain's own. */
  StepLoop newLoop() {
    return new StepLoop(clock, journal, monitor, state, caller);
  }
}
