package io.gracefuldrain.lab.report;

/**
 * The verdict on one criterion of a run.
 *
 * @param criterion the criterion, in words
 * @param figures the figures behind the verdict
 */
public record Verdict(String criterion, Result result, String figures) {
  /** The result. */
  public enum Result {
    PASS,
    FAIL,
    /** There was nothing to judge; the figures say why. */
    NOT_APPLICABLE
  }

  /** Whether the criterion is broken. */
  public boolean failed() {
    return result == Result.FAIL;
  }
}
