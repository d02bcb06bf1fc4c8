package io.gracefuldrain.sample.server;

import com.corundumstudio.socketio.SocketIOClient;
import com.corundumstudio.socketio.SocketIOServer;
import io.gracefuldrain.DrainListener;
import io.gracefuldrain.WorkLease;
import io.gracefuldrain.sample.page.PageHandler;

/** How the pod lives and ends, as its service sees it: with a drain, or plain. Thread-safe. */
interface Work {
  /** Which pod it is, and where it is in its life. */
  Events.Pod now();

  /** Gives a server that was not started its pipeline, the page in it. */
  void attach(SocketIOServer server, PageHandler page);

  /** Begins work that outlives the handler which began it. */
  WorkLease begin(SocketIOClient client, String work);

  /**
   * Sends something to a client while it is here.
   *
   * @return false if it has been let go: nothing was sent
   */
  boolean send(SocketIOClient client, Runnable sending);

  /** Whether a session that leaves now has an outcome, of which listeners are told. */
  boolean draining();

  /** Tells a listener of what happens from now on. */
  void listen(DrainListener listener);
}
