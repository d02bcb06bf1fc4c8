package io.gracefuldrain.lab.probe;

/** One client of the crowd, over some library. Thread-safe; nothing blocks. */
interface Client {
  void connect();

  /** Sends what of its own numbers is due, and places an order that is, if it is connected. */
  void sendDue();

  /** Leaves for good, with a goodbye where there is a connection. */
  void close();
}
