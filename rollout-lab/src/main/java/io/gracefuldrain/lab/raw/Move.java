package io.gracefuldrain.lab.raw;

/**
 * How one client got from one server to the next. Moments are those of {@link System#nanoTime}.
 *
 * @param cutAt when its connection ended
 * @param reset whether it ended by a reset: what was on its way is lost. Else by a FIN
 * @param backOffMs how long it was to wait before its first attempt, in milliseconds
 * @param failures attempts that failed
 * @param connectNanos from its last attempt to its connection
 * @param backAt when it was connected again
 */
public record Move(
    long cutAt, boolean reset, int backOffMs, int failures, long connectNanos, long backAt) {
  /** How long it was without a connection, in nanoseconds. */
  public long awayNanos() {
    return backAt - cutAt;
  }
}
