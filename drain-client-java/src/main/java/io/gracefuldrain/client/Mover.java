package io.gracefuldrain.client;

import java.util.Map;
import java.util.Set;
import org.json.JSONObject;
import org.jspecify.annotations.Nullable;

/** The client, as a move needs it. */
interface Mover {
  /**
   * An attempt begins. The application may refresh its options now.
   *
   * @param number from 1
   */
  void attempting(int number);

  /**
   * A connection for the hint, with every namespace in use. It is not opened yet.
   *
   * @param webSocketFirst whether it begins with a WebSocket, if the application allows one
   * @param declined namespaces that the next pod has refused
   */
  Connection next(Hint hint, boolean webSocketFirst, Set<AwareSocket> declined);

  /** The move has come to another state. */
  void state(MoveState state);

  /** Tells the application of the move. */
  void tell(String event, JSONObject figures);

  /** Tells the application of one socket. */
  void tell(AwareSocket socket, String event, JSONObject figures);

  /** The current connection's manager has fired an event that was kept back. */
  void fire(String event, Object[] args);

  /** Tells the application that the next pod has refused a namespace. */
  void refused(AwareSocket socket, Object error);

  /** From now on emits are held. */
  void hold();

  /** The next connection becomes current, in one step. */
  void adopt(
      Connection next,
      RetiredConnection old,
      Preparation preparation,
      Receipt receipt,
      Map<AwareSocket, String> declined);

  /** Gives the application an event of a connection's, unless another one has brought it. */
  void deliver(Connection from, AwareSocket socket, String event, Object[] args);

  /**
   * Sends the kept and held emits on the current connection. Returns how many were held.
   *
   * @param ended the sockets that the old pod has ended; emits kept for them count as held
   */
  int release(Set<AwareSocket> ended);

  /** The release is complete: the application hears of its new connection. */
  void greet();

  /** The socket's last words go out on the next connection, since the old one has ended. */
  void sendLastWords(Channel next);

  /**
   * The move has failed, and the old connection stays current.
   *
   * @param ended the sockets that the old pod has ended
   */
  void stay(Set<AwareSocket> ended);

  /** A server has ended the socket for good. */
  void end(AwareSocket socket);

  /** The old connection was dropped after the release. */
  void dropped(Connection old);

  /**
   * Every namespace was refused: the application may ask once more, by {@code connect()}.
   *
   * @param due the hint of the move that has failed
   */
  void declined(Hints.Due due);

  /** The next move may begin. Called once. */
  void over();

  /** Tells the log of a message that is not as expected. */
  void ignored(String event, Object[] given, String expected);

  /** Tells the log. */
  void log(String what, @Nullable Object... details);
}
