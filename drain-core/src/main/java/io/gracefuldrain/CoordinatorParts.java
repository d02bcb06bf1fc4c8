package io.gracefuldrain;

/**
 * What the parts of one coordinator share: its lock and those it tells, its time, its settings, and
 * the state that all of them look at.
 */
record CoordinatorParts(
    DrainPolicy policy,
    Clockwork clock,
    Journal journal,
    Monitor monitor,
    Announcements announcements,
    Counters counters,
    PhaseState state,
    Roster roster,
    StripedGate work,
    Ticker ticker) {

  static CoordinatorParts create(
      DrainPolicy policy, Clockwork clock, Journal journal, Listeners listeners, Runnable step) {
    Monitor monitor = new Monitor(journal);
    PhaseState state = new PhaseState(policy, monitor, clock.nanos());
    return new CoordinatorParts(
        policy,
        clock,
        journal,
        monitor,
        new Announcements(monitor, journal, listeners),
        new Counters(),
        state,
        new Roster(),
        new StripedGate(clock),
        new Ticker(clock, monitor, state, step));
  }
}
