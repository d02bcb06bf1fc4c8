package io.gracefuldrain.lab.results;

import org.jspecify.annotations.Nullable;

/**
 * One move of an aware client, from what it was told to do ({@code drain:moving}) to the end of its
 * old connection ({@code drain:moved}).
 *
 * @param fromMs when it began, in milliseconds since the epoch
 * @param toMs when it was over, or null if it was under way when the crowd was stopped
 * @param figures what it cost, or null if it failed or was under way
 * @param failure why it failed, or null
 */
public record Move(
    long fromMs, @Nullable Long toMs, @Nullable Figures figures, @Nullable String failure) {
  /**
   * What a move cost, as the client says.
   *
   * @param connectMs until the next connection was there
   * @param tookMs until it had taken over
   * @param held emits that waited for that
   * @param duplicates messages that came over both connections, and were dropped once
   * @param downtimeMs without any connection
   */
  public record Figures(long connectMs, long tookMs, long held, long duplicates, long downtimeMs) {}

  /** Whether the client is elsewhere. */
  public boolean landed() {
    return figures != null;
  }

  /** Whether it was told, and stayed. */
  public boolean failed() {
    return failure != null;
  }

  /** Whether a gap is at the same time. */
  boolean meets(Gap gap) {
    return (toMs == null || gap.fromMs() <= toMs) && (gap.toMs() == null || gap.toMs() >= fromMs);
  }
}
