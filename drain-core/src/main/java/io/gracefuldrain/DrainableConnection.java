package io.gracefuldrain;

import java.time.Duration;

/**
 * One client's connection, as an adapter shows it to the coordinator: one session, with any
 * transports and namespaces.
 *
 * <p>For a connection, a drain has these parts:
 *
 * <ul>
 *   <li>a <i>slot</i>, its own moment in the move window;
 *   <li>a <i>{@linkplain #hint hint}</i> in this slot, if its client is {@linkplain #aware aware}:
 *       the client has the hint grace to connect elsewhere and leave;
 *   <li>a <i>wait</i> for its work in flight, within the settle grace. In its last second, at most
 *       half of it, no new dispatch begins, so that dispatches that overlap for ever end, too;
 *   <li>a <i>{@linkplain #close close}</i> in the moment it is idle: {@link CloseManner#LET_GO},
 *       for a stock client in its slot, for an aware one after its hint grace;
 *   <li>a close by <i>force</i> if it is still there when time is up: {@link CloseManner#FORCE};
 *   <li>one <i>{@linkplain Outcome outcome}</i>, when its adapter calls {@link
 *       ConnectionHandle#left}.
 * </ul>
 *
 * <p>No method blocks: {@link #hint}, {@link #plan} and {@link #close} only start their work, on
 * the connection's own thread, and return. Each is called outside the coordinator's locks, from
 * threads that serve all connections. One that throws is logged and counted; one that blocks for a
 * second is named in the log and left behind. No two calls to a connection overlap, unless the
 * first was left behind. A stronger call replaces one that waits: none of a weaker kind comes after
 * it. While a drain goes on, each may be called before {@code register} has returned; {@link
 * DrainCoordinator#register(java.util.function.Function)} gives the handle before that.
 */
public interface DrainableConnection {
  /**
   * The name of the connection in logs and receipts, unique among living connections. Asked once.
   */
  String id();

  /** The name of the transport it uses now, for people: {@code websocket}, {@code sse}. */
  String transport();

  /**
   * Whether its client knows reconnect hints. Asked once, at registration; {@link
   * ConnectionHandle#aware} may say it later.
   */
  boolean aware();

  /**
   * Asks an aware client to move, once. Until {@link ConnectionHandle#heard} is called it is called
   * again with the same hint, four times in the hint grace at most. It is not called any more once
   * the connection has left, is let go, or was kept by a recall.
   */
  void hint(ReconnectHint hint);

  /**
   * Tells an aware client over which window to come back if the pod crashes. Called when the window
   * has changed much. For a client that connects, the adapter asks {@link
   * DrainCoordinator#crashWindow()}. Does nothing unless the adapter has a way to say it.
   *
   * @param window more than zero
   */
  default void plan(Duration window) {}

  /**
   * Lets go of the client in a way that it recovers from on its own, elsewhere. In bounded time
   * {@link ConnectionHandle#left} must follow. May be called again, with a stronger manner, or once
   * more when what {@linkplain ConnectionHandle#tryEnterLate came late} has ended.
   *
   * @param within how long the drain waits for the end of the connection: after {@link
   *     CloseManner#LET_GO} it is forced then, after {@link CloseManner#FORCE} the drain is over.
   *     Not negative; zero if there is no time. An adapter's own bounds are at most this
   */
  void close(CloseManner manner, Duration within);
}
