package io.gracefuldrain.sample.plan;

import java.time.Duration;

/**
 * Finds what a rollout with a given surge needs: the move window, by trying longer ones until the
 * goals are met; and minReadySeconds, if without it more pods would be there than fit, or so many
 * would drain at the same time that no window is long enough. Each window is longer than the last
 * one by as much as the busiest receiver had too much, so two or three are tried as a rule.
 */
final class Planner {
  private static final Duration MOST = Duration.ofMinutes(10);

  /** A window that is longer than another one by less than this is not worth a try. */
  private static final double LEAST_STEP = 1.15;

  private static final double MOST_STEP = 4;

  private static final int WAITS = 3;

  private final Goals goals;
  private final boolean waits;

  /**
   * @param waits whether minReadySeconds may be other than the scenario's
   */
  Planner(Goals goals, boolean waits) {
    this.goals = goals;
    this.waits = waits;
  }

  /** What was found for a surge, and whether it meets the goals. */
  record Choice(Result result, boolean met, boolean fits) {
    Scenario scenario() {
      return result.scenario();
    }

    boolean good() {
      return met && fits;
    }
  }

  /** Finds the window; the scenario's own is the shortest that is tried. */
  Choice find(Scenario scenario) {
    Choice choice = choice(longEnough(scenario));
    for (int tries = 0; waits && tries < WAITS && overlapHurts(choice); tries++) {
      choice = choice(longEnough(scenario.waiting(untilDrained(choice.scenario()))));
    }
    return choice;
  }

  private static boolean overlapHurts(Choice choice) {
    return !choice.good()
        && choice.scenario().surge() < choice.scenario().pods()
        && choice.scenario().minReady().compareTo(untilDrained(choice.scenario())) < 0;
  }

  /** Plays it as it is. */
  Choice play(Scenario scenario) {
    return choice(Rollout.play(scenario));
  }

  private Choice choice(Result result) {
    return new Choice(result, goals.met(result), goals.fits(result));
  }

  private Result longEnough(Scenario scenario) {
    Result result = Rollout.play(scenario.over(scenario.policy().moveWindow()));
    while (!goals.met(result)) {
      Duration longer = longer(result.scenario().policy().moveWindow(), result);
      if (longer.compareTo(MOST) > 0) {
        break;
      }
      result = Rollout.play(scenario.over(longer));
    }
    return result;
  }

  /** As much longer as the busiest receiver has too much. */
  private Duration longer(Duration window, Result result) {
    double much = result.load().busiest() * 100 / goals.load();
    double step = Math.max(LEAST_STEP, Math.min(MOST_STEP, much));
    long seconds = (long) Math.ceil(window.toMillis() / 1e3 * step);
    long round = seconds <= 60 ? 1 : 5;
    return Duration.ofSeconds((seconds + round - 1) / round * round);
  }

  /** Then the next pods become available when those before them have drained. */
  private static Duration untilDrained(Scenario scenario) {
    Duration rest = scenario.policy().gracePeriod().minus(scenario.startUp());
    return rest.isNegative() ? Duration.ZERO : rest;
  }
}
