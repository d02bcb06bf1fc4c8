package io.gracefuldrain.lab.report;

import java.util.List;

/**
 * Maps the times of a run to places on its drawing, with one scale for all runs of an experiment.
 *
 * @param zeroMs when the rollout began: the time 0
 * @param fromMs the left edge, counted from then
 * @param toMs the right edge, counted from then
 */
record Scale(long zeroMs, long fromMs, long toMs, double left, double width) {
  /** How much of the time before a rollout, and after the end of the last pod, is shown. */
  private static final long MARGIN_MS = 2_000;

  /** From shortly before the rollouts to shortly after the longest. */
  static Scale of(Run run, List<Run> all, double left, double width) {
    long longest =
        all.stream().mapToLong(each -> each.settledMs() - each.rolloutMs()).max().orElse(0);
    return new Scale(run.rolloutMs(), -MARGIN_MS, longest + MARGIN_MS, left, width);
  }

  /** The place of a time; times outside are on the edge. */
  double x(long ms) {
    long from = Math.min(Math.max(ms - zeroMs, fromMs), toMs);
    return left + width * (from - fromMs) / (toMs - fromMs);
  }

  /** Whether the drawing shows a time. */
  boolean shows(long ms) {
    return ms - zeroMs >= fromMs && ms - zeroMs <= toMs;
  }

  /** Whether a part of a span is on the drawing. */
  boolean shows(long startMs, long endMs) {
    return endMs - zeroMs > fromMs && startMs - zeroMs < toMs;
  }

  long endMs() {
    return zeroMs + toMs;
  }

  /** Seconds between two ticks, so that the ticks can be read. */
  int tickSeconds() {
    long seconds = (toMs - fromMs) / 1_000;
    return seconds <= 15 ? 1 : seconds <= 75 ? 5 : 30;
  }
}
