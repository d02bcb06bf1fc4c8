package io.gracefuldrain;

import java.util.HashSet;
import java.util.Set;

/**
 * Failures of steps; the loop continues after each. Each kind is logged once, and not at every
 * tick. Touched by the coordinator's thread alone.
 */
final class StepFailures {
  private final Journal journal;
  private final Set<Class<?>> logged = new HashSet<>();

  StepFailures(Journal journal) {
    this.journal = journal;
  }

  /** Never throws: the next step must come. */
  void add(Throwable failure) {
    try {
      if (logged.add(failure.getClass())) {
        journal.warn(LogCode.STEP_FAILED.line(), failure);
      }
    } catch (Throwable e) {
      // There is no memory for a line of the log. The next step may have some.
    }
  }

  /** There is nothing left to do. Later failures are logged anew. */
  void clear() {
    logged.clear();
  }
}
