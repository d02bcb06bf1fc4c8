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

  /**
   * Has the server queue so much for it that it reads for a minute, and reads on that slowly: it
   * never rests for long, so that a server which bounds only silence waits for it. Returns when the
   * server has queued it. The server must not keep much of it where it cannot see what is read: its
   * socket's buffer is small.
   */
  void readSlowly() throws Exception;

  /** Whether its connection stands, as far as it knows. */
  boolean connected();

  @Override
  void close();
}
