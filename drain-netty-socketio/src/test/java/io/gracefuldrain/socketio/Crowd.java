package io.gracefuldrain.socketio;

import java.io.IOException;
import java.util.List;

/** Stock clients that connect to one address and stay. */
interface Crowd extends AutoCloseable {
  /**
   * How a client uploads.
   *
   * @param everyMs how often
   * @param atOnce how many numbers each time
   * @param mostOwed as long as fewer than these wait for their acknowledgement
   * @param mostOwedToPoller the same while it polls: all must fit in the answer of one poll
   */
  record Upload(int everyMs, int atOnce, int mostOwed, int mostOwedToPoller) {
    static final Upload STEADY = new Upload(50, 1, 200, 15);
    static final Upload HEAVY = new Upload(10, 10, 400, 15);

    /** Little between bursts, and what a burst left behind is soon sent again. */
    static final Upload BETWEEN_BURSTS = new Upload(20, 10, 200, 15);
  }

  /** Each client uploads so many numbers at once, with an acknowledgement asked for each. */
  void burst(int overWebSocket, int overPolling) throws IOException;

  /** Ends the uploads, waits until all are acknowledged, and tells what each client has seen. */
  List<ClientLedger> end() throws Exception;

  @Override
  void close();
}
