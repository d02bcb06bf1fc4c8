package io.gracefuldrain.sample.server;

import com.corundumstudio.socketio.SocketIOClient;
import io.gracefuldrain.WorkLease;

/** The work of the service for its clients, as the pod allows it. Thread-safe. */
interface Work {
  /** Begins work that outlives its handler. */
  WorkLease begin(SocketIOClient client, String work);

  /**
   * Sends something to a client while it is here.
   *
   * @return false if the client has been let go: nothing was sent
   */
  boolean send(SocketIOClient client, Runnable sending);

  /**
   * Whether sessions are handed over: what is sent to a client that has been let go is kept for it,
   * and a new one gets nothing before it knows that it is connected.
   */
  boolean handsOver();
}
