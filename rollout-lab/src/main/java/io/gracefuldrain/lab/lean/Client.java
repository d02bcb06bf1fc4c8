package io.gracefuldrain.lab.lean;

/** One client of a crowd, over any library. Thread-safe; no method blocks. */
public interface Client {
  /**
   * How long an aware client's application waits on its next connection before it is ready. The old
   * pod may lag this far behind the next one without messages arriving out of order.
   */
  long READY_MS = 200;

  /** Connects for the first time. */
  void connect();

  /** Sends the numbers that are due, and places the order that is due, if it is connected. */
  void sendDue();

  /** Leaves for good, with a goodbye if it is connected. */
  void close();
}
