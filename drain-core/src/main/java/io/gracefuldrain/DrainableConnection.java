package io.gracefuldrain;

import java.time.Duration;

/**
 * One client's connection, as an adapter shows it to the coordinator: one session, whatever its
 * transports and namespaces.
 *
 * <p>No method blocks: {@link #hint}, {@link #plan} and {@link #close} start what they do, on the
 * connection's own thread, and return. Each is called outside the coordinator's locks, from a
 * thread that serves all connections; one that throws is logged and counted, one that blocks is
 * named in the log and left behind. While a drain goes on, each may be called before {@link
 * DrainCoordinator#register} has returned to whom it tells the handle.
 */
public interface DrainableConnection {
  /**
   * The name of the connection in logs and receipts, unique among living connections. Asked once.
   */
  String id();

  /** The transport it uses now, {@code websocket} or {@code polling}. */
  String transport();

  /** Whether its client knows reconnect hints. Asked once, at registration. */
  boolean aware();

  /** Asks an aware client to move. */
  void hint(ReconnectHint hint);

  /**
   * Tells an aware client over which window to come back, should the pod be gone without a word.
   * Called when the window has changed much; what holds as the client comes, its adapter asks for
   * by {@link DrainCoordinator#crashWindow()}. Does nothing unless the adapter has a way to say it.
   *
   * @param window more than zero
   */
  default void plan(Duration window) {}

  /**
   * Lets go of the client so that it comes back by itself, and elsewhere. Ends, in bounded time, in
   * {@link ConnectionHandle#left}. May be called again, with a stronger manner.
   */
  void close(CloseManner manner);
}
