package io.gracefuldrain.contract;

/** A server of the adapter, as its clients see it. Closing it may end its clients in any way. */
public interface ContractServer extends AutoCloseable {
  /**
   * Connects a client that does not come back on its own, and returns when it is connected.
   *
   * @throws Exception if the server refuses it
   */
  ContractClient connect() throws Exception;

  @Override
  void close();
}
