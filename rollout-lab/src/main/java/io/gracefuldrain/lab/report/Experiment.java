package io.gracefuldrain.lab.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A comparison of strategies, each with one rollout under the same crowd. {@code rollout --json}
 * writes it, and the page is made from it.
 *
 * @param when the time when it began, as ISO 8601
 * @param command the command that repeats it
 * @param facts other influences on the figures, such as versions and cores, for people
 */
public record Experiment(
    String title, String when, String command, Map<String, String> facts, List<Run> runs) {
  private static final String CONTROL = "none";

  /** Keeps its lists as they are now; the facts in their order. */
  public Experiment {
    runs = List.copyOf(runs);
  }

  /**
   * The reasons why the experiment does not show what it is meant to show; empty if it does. Runs
   * whose pods drain must hold every criterion, and {@code none} must break at least one of those
   * that judge it: a check that cannot fail is no check.
   */
  public List<String> objections() {
    List<String> objections = new ArrayList<>();
    List<Run> subjects = runs.stream().filter(Run::drains).toList();
    for (Run run : subjects) {
      run.verdicts().stream()
          .filter(Verdict::failed)
          .forEach(
              verdict ->
                  objections.add(
                      run.strategy() + ": " + verdict.criterion() + ": " + verdict.figures()));
    }
    if (!subjects.isEmpty() && run(CONTROL).filter(Run::holds).isPresent()) {
      objections.add(
          CONTROL + ": holds every criterion that it is judged by (expected: one that it breaks)");
    }
    return objections;
  }

  private Optional<Run> run(String strategy) {
    return runs.stream().filter(run -> run.strategy().equals(strategy)).findFirst();
  }
}
