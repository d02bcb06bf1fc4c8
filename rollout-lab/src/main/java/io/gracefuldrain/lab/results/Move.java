package io.gracefuldrain.lab.results;

import org.jspecify.annotations.Nullable;

/**
 * One move of an aware client, from its beginning ({@code drain:moving}) to the end of its old
 * connection ({@code drain:moved}).
 *
 * @param fromMs when it began, in milliseconds since the epoch
 * @param toMs when it ended, or null if it was under way when the crowd was stopped
 * @param figures what it cost, or null if it failed or was under way
 * @param failure why it failed, or null
 */
public record Move(
    long fromMs, @Nullable Long toMs, @Nullable Figures figures, @Nullable String failure) {
  /**
   * The costs of a move, as the client reports them.
   *
   * @param connectMs until the next connection was there
   * @param tookMs until the next connection had taken over
   * @param held emits that waited for it
   * @param duplicates messages that came over both connections and were dropped once
   * @param downtimeMs the time without any connection
   */
  public record Figures(long connectMs, long tookMs, long held, long duplicates, long downtimeMs) {}

  /** Whether the client has moved. */
  public boolean landed() {
    return figures != null;
  }

  /** Whether the client stayed where it was. */
  public boolean failed() {
    return failure != null;
  }

  /** Whether a gap overlaps this move. */
  boolean meets(Gap gap) {
    return (toMs == null || gap.fromMs() <= toMs) && (gap.toMs() == null || gap.toMs() >= fromMs);
  }
}
