package io.gracefuldrain.lab.report;

import org.jspecify.annotations.Nullable;

/**
 * The line that a pod writes about a Socket.IO session that has ended.
 *
 * @param sid the Engine.IO session id
 * @param outcome the outcome in the drain, or null if nothing drained or it was not known yet
 * @param sent messages of the feed that the session was given
 * @param lastSent the number of the last message, or null
 * @param up numbers of the client that were handled
 * @param orders orders of the client that were begun
 * @param enteredMs when it began, in milliseconds since the epoch
 * @param leftMs when it ended
 */
public record SessionLine(
    String pod,
    @Nullable String generation,
    String sid,
    @Nullable String transport,
    @Nullable String outcome,
    long sent,
    @Nullable Long lastSent,
    long up,
    long orders,
    long enteredMs,
    long leftMs)
    implements PodLine {

  /**
   * Joins both lines. netty-socketio sometimes begins a session again for a request that comes just
   * after its end; the pod then writes another line with the same id.
   */
  SessionLine and(SessionLine later) {
    return new SessionLine(
        pod,
        generation,
        sid,
        transport,
        outcome == null ? later.outcome : outcome,
        sent + later.sent,
        later.lastSent == null ? lastSent : later.lastSent,
        up + later.up,
        orders + later.orders,
        enteredMs,
        leftMs);
  }
}
