package io.gracefuldrain.lab.report;

import org.jspecify.annotations.Nullable;

/**
 * What a pod says of one Socket.IO session that has ended.
 *
 * @param sid the Engine.IO session id
 * @param outcome what a drain made of it, or null when there was none or it was not known yet
 * @param sent messages of the feed that the session was given
 * @param lastSent the number of the last one, or null
 * @param up numbers of the client that were dispatched
 * @param orders orders of the client that were dispatched
 * @param enteredMs when it came, in milliseconds since the epoch
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
   * Both as one. netty-socketio now and then begins a session anew for a request that comes just
   * after its end; the pod then writes another line of the same id.
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
