package io.gracefuldrain;

/**
 * The parts that the rules of one coordinator share: its settings, its time, its state, and the
 * means to tell others.
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
    Transit transit,
    ReportBuilder reports,
    StepLoop steps) {

  /** Refuses a policy that contradicts itself, or does not fit in its grace period. */
  static void check(DrainPolicy policy, Journal journal) {
    policy
        .overBudget()
        .ifPresent(
            problem -> {
              if (policy.budgetCheck() == DrainPolicy.BudgetCheck.FAIL) {
                throw new IllegalArgumentException(problem);
              }
              journal.warn(LogCode.OVER_BUDGET.line().put("problem", problem), null);
            });
  }

  static CoordinatorParts create(
      DrainPolicy policy,
      Clockwork clock,
      Journal journal,
      Listeners listeners,
      ConnectionCaller caller) {
    Monitor monitor = new Monitor(journal);
    Counters counters = new Counters();
    PhaseState state = new PhaseState(policy, monitor::held, clock.newGraceClock(), clock.nanos());
    Roster roster = new Roster();
    StripedGate work = new StripedGate(clock, now -> monitor.get(() -> state.waitLeft(now)));
    Transit transit = new Transit(policy.pacingLoop() == DrainPolicy.PacingLoop.CLOSED);
    return new CoordinatorParts(
        policy,
        clock,
        journal,
        monitor,
        new Announcements(monitor, journal, listeners),
        caller,
        counters,
        state,
        roster,
        work,
        transit,
        new ReportBuilder(policy, counters, state, roster, work, transit),
        new StepLoop(clock, journal, monitor, state, caller));
  }

  /** One more loop of steps, apart from the drain's. */
  StepLoop newLoop() {
    return new StepLoop(clock, journal, monitor, state, caller);
  }
}
