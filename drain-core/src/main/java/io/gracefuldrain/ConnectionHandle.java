package io.gracefuldrain;

import java.time.Duration;
import java.util.Optional;

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
 * come, the end of its last work does both. A message that comes between the seal and the close is
 * not dispatched and not acknowledged: its sender keeps it.
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
   * Ends the dispatch that a successful {@link #tryEnter} began.
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
   * Whether this pod has asked the client to move, by a hint that holds: the drain was not
   * recalled. It stays so when the connection has ended. Unlike what a client says, this is
   * certain.
   */
  boolean moving();

  /**
   * The pod where a client that was asked to move {@linkplain #landed says} that it has arrived;
   * empty if it has said nothing. It stays so when the connection has ended.
   */
  Optional<String> movedTo();

  /** Ends the connection's record. Only the first call counts. */
  void left(Departure how);
}
