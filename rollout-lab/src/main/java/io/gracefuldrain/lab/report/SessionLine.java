package io.gracefuldrain.lab.report;

import com.fasterxml.jackson.annotation.JsonCreator;
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
 * @param kept messages of the feed that were sent to it after it had been let go
 * @param posts numbers of the client that want no answer, or null of a pod that does not count them
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
    long leftMs,
    long kept,
    @Nullable Posts posts)
    implements PodLine {

  /**
   * The numbers of a client that want no answer, as they came over one session.
   *
   * @param odd how many did not follow the one before, or came with wrong bytes
   */
  public record Posts(long count, @Nullable Long first, @Nullable Long last, long odd) {
    static final Posts NONE = new Posts(0, null, null, 0);

    private Posts and(Posts later) {
      if (first == null || last == null || later.first == null) {
        return first == null ? later : this;
      }
      boolean follows = later.first == last + 1;
      return new Posts(count + later.count, first, later.last, odd + later.odd + (follows ? 0 : 1));
    }
  }

  /** Reads a line. */
  @JsonCreator
  public SessionLine {
    posts = posts == null ? Posts.NONE : posts;
  }

  /** The line of a session without such numbers. */
  public SessionLine(
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
      long leftMs) {
    this(
        pod,
        generation,
        sid,
        transport,
        outcome,
        sent,
        lastSent,
        up,
        orders,
        enteredMs,
        leftMs,
        0,
        Posts.NONE);
  }

  /** The numbers of the client that want no answer. */
  public Posts posted() {
    return posts == null ? Posts.NONE : posts;
  }

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
        leftMs,
        kept + later.kept,
        posted().and(later.posted()));
  }
}
