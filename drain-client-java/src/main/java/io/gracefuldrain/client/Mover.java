package io.gracefuldrain.client;

import org.json.JSONObject;

/** The client, as a move needs it. */
interface Mover {
  /** A connection for the hint, with every namespace in use. It is not opened yet. */
  Connection next(Hint hint);

  /** Tells the application of the move. */
  void tell(String event, JSONObject figures);

  /** From now on emits are held. */
  void hold();

  /** The next connection becomes current, in one step. */
  void adopt(Connection next, RetiredConnection old, Preparation preparation);

  /** Gives the application an event, unless it has had it. */
  void deliver(AwareSocket socket, String event, Object[] args);

  /** Sends the kept and held emits on the current connection. Returns how many were held. */
  int release();

  /** The socket's last words go out on the next connection, since the old one has ended. */
  void sendLastWords(Channel next);

  /** The move has failed, and the old connection stays current. */
  void stay();

  /** The old connection was dropped after the release. */
  void dropped(Connection old);

  /** The next move may begin. Called once. */
  void over();
}
