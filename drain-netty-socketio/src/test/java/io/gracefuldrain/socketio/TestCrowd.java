package io.gracefuldrain.socketio;

import java.io.IOException;
import java.util.List;

/** Stock clients that connect to one address and stay. */
interface TestCrowd extends AutoCloseable {
  /**
   * How a client uploads.
   *
   * @param everyMs how often
   * @param atOnce how many numbers each time
   * @param mostOwed it pauses when this many are unacknowledged
   * @param mostOwedToPoller the same while it polls: all must fit into the answer of one poll
   */
  record Upload(int everyMs, int atOnce, int mostOwed, int mostOwedToPoller) {
    static final Upload STEADY = new Upload(50, 1, 200, 15);
    static final Upload HEAVY = new Upload(10, 10, 400, 15);

    /** Little between bursts. Uploads that a burst left unacknowledged are soon sent again. */
    static final Upload BETWEEN_BURSTS = new Upload(20, 10, 200, 15);
  }

  /** Each client uploads this many numbers at once, and wants each acknowledged. */
  void burst(int overWebSocket, int overPolling) throws IOException;

  /** Ends the uploads, waits until all are acknowledged, and returns the ledger of each client. */
  List<ClientLedger> end() throws Exception;

  @Override
  void close();
}
