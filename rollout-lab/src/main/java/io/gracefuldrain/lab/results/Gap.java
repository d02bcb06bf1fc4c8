package io.gracefuldrain.lab.results;

import org.jspecify.annotations.Nullable;

/**
 * A time without a connection, between two stays.
 *
 * @param fromMs when the old connection ended, in milliseconds since the epoch
 * @param toMs when the next connection was there, or null if none came before the crowd was stopped
 * @param backoffMs how long the client chose to wait before its attempts, all waits together: the
 *     cost of its stock behaviour, which no server can change
 * @param failedConnects attempts that failed
 */
public record Gap(long fromMs, @Nullable Long toMs, long backoffMs, int failedConnects) {
  /** Its length; 0 if it has not ended. */
  public long lengthMs() {
    return toMs == null ? 0 : toMs - fromMs;
  }
}
