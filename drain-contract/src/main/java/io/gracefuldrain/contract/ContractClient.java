package io.gracefuldrain.contract;

/** A client of the adapter's server. Closing it, once or twice, ends its connection in any way. */
public interface ContractClient extends AutoCloseable {
  /** Sends one message, for which the server calls {@link ContractApplication#message}. */
  void send() throws Exception;

  /**
   * Says goodbye and ends its connection, if it still stands, as a client of this protocol does.
   */
  void leave() throws Exception;

  /** From now on it does nothing when the server ends its side of the connection. */
  void stall();

  /** Whether its connection stands, as far as it knows. */
  boolean connected();

  @Override
  void close();
}
