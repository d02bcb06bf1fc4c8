package io.gracefuldrain.lab.report;

/**
 * Whether a run holds a criterion.
 *
 * @param criterion what must hold
 * @param figures what was found
 */
public record Verdict(String criterion, Result result, String figures) {
  /** How it ended. */
  public enum Result {
    PASS,
    FAIL,
    /** There is nothing to judge, and the figures say why. */
    NOT_APPLICABLE
  }

  /** Whether it is broken. */
  public boolean failed() {
    return result == Result.FAIL;
  }
}
