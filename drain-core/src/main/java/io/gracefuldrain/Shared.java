package io.gracefuldrain;

/**
 * What the parts of one coordinator share: its lock and those it tells, its time, its settings, and
 * the state that all of them look at.
 */
record Shared(
    DrainPolicy policy,
    Clockwork clock,
    Journal journal,
    Monitor monitor,
    News news,
    Counters counters,
    Course course,
    Roster roster,
    StripedGate work,
    Ticker ticker) {

  static Shared create(
      DrainPolicy policy, Clockwork clock, Journal journal, Listeners listeners, Runnable step) {
    Monitor monitor = new Monitor(journal);
    Course course = new Course(policy, monitor, clock.nanos());
    return new Shared(
        policy,
        clock,
        journal,
        monitor,
        new News(monitor, journal, listeners),
        new Counters(),
        course,
        new Roster(),
        new StripedGate(clock),
        new Ticker(clock, monitor, course, step));
  }
}
