package io.gracefuldrain.lab.results;

import org.jspecify.annotations.Nullable;

/**
 * One time without a connection, between two stays.
 *
 * @param fromMs when the old connection ended, in milliseconds since the epoch
 * @param toMs when the next one was there, or null if none came before the crowd was stopped
 * @param backoffMs how long the client itself chose to wait before its attempts, all of them
 *     together: what stock behaviour costs whatever the server does
 * @param failedConnects attempts that failed
 */
public record Gap(long fromMs, @Nullable Long toMs, long backoffMs, int failedConnects) {
  /** How long it was; 0 if it has not ended. */
  public long lengthMs() {
    return toMs == null ? 0 : toMs - fromMs;
  }
}
