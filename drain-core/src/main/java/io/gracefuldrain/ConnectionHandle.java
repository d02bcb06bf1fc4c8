package io.gracefuldrain;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A tracked connection, from the adapter to the coordinator. Thread-safe; no method blocks.
 *
 * <p>{@link #tryEnter} and {@link #exit} bracket the dispatch of one message and cost one atomic
 * operation each:
 *
 * <pre>{@code
 * if (handle.tryEnter()) {
 *   try {
 *     dispatch(message);
 *   } finally {
 *     handle.exit();
 *   }
 * }
 * }</pre>
 *
 * <p>{@link #tryBegin} is for work that outlives the dispatch and has a name. None succeeds once
 * the connection is sealed. Sealing it and choosing to let it go are one step: when its slot has
 * come, the end of its last work does both. A message that comes between the seal and the close may
 * enter late, by {@link #tryEnterLate}; an adapter that does not use it neither dispatches nor
 * acknowledges such a message, and its sender keeps it.
 *
 * <p>Work may outlive its connection: {@link #left} ends the connection, and a drain goes on
 * waiting for its work. In that time no dispatch begins on it, but a handler that still runs may
 * take leases.
 */
public interface ConnectionHandle extends WorkGate {
  /**
   * Counts one dispatch as work in flight.
   *
   * @return false if the message must not be dispatched: the connection is sealed, has left, or is
   *     in the last second of its settle grace
   */
  boolean tryEnter();

  /**
   * Counts one dispatch as work in flight although the connection was sealed, because its close has
   * not begun: a message that comes between the seal and the close is dispatched like any other.
   * The connection takes work again until the last one ends, which seals it once more.
   *
   * <p>An adapter that uses it asks on the thread that dispatches and closes, after {@link
   * #tryEnter} has refused, and only while its close has not begun. Its {@link
   * DrainableConnection#close} must then look at {@link #sealed} on that same thread. If it is not
   * sealed, LET_GO does nothing: it is asked again in the moment when it is. So nothing that was
   * read is left behind, and nothing begins once the close has begun.
   *
   * @return false if the message must not be dispatched: the connection has left or is closed by
   *     force, or no dispatch begins any more since the drain's time is nearly over
   */
  boolean tryEnterLate();

  /**
   * Ends the dispatch that a successful {@link #tryEnter} or {@link #tryEnterLate} began.
   *
   * @throws IllegalStateException if nothing is in flight
   */
  void exit();

  /**
   * Notes that the client knows reconnect hints, for a client that says so later than in its
   * handshake. It is hinted in its slot; once the slot has come, this changes nothing.
   */
  void aware();

  /**
   * Notes that the client has acknowledged its hint: it counts its grace from about now. It is not
   * let go before that grace and a second more are over, within the move window and a second of the
   * settle grace (at most half of it). Only the first call after a hint counts.
   */
  void heard();

  /**
   * Notes that the client has arrived elsewhere; the connection's end will count as {@link
   * Outcome#LANDED}. A client that is back on this pod has not landed; that changes nothing.
   *
   * @param pod where the client says it is
   * @param connectTime how long it took to get there
   */
  void landed(String pod, Duration connectTime);

  /**
   * Whether this pod has asked the client to move, by a hint that holds (the drain was not
   * recalled), or has let it go and {@linkplain #keep keeps} its session. It stays so when the
   * connection has ended. Unlike what a client says, this is certain.
   */
  boolean moving();

  /**
   * The pod where a client that was asked to move {@linkplain #landed says} that it has arrived, or
   * that has taken its session; empty if there is none. It stays so when the connection has ended.
   */
  Optional<String> movedTo();

  /**
   * Begins to keep the session of a connection that is being let go, for the pod where its client
   * turns up.
   *
   * @param session its name in tokens, unique in this process
   * @return null if it is not to be kept: hand-over is off, nothing lets the connection go, or the
   *     pod keeps as much as it may
   */
  default @Nullable KeptSession keep(String session) {
    return null;
  }

  /** Ends the connection's record. Only the first call counts. */
  void left(Departure how);
}
