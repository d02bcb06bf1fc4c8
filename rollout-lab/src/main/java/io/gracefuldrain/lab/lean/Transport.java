package io.gracefuldrain.lab.lean;

/**
 * Carries the Engine.IO packets of a lean client. It is used, and calls its listener, on one event
 * loop; after its end it calls nothing more.
 */
interface Transport {
  /** The connection that owns the transport. */
  interface Listener {
    /** A packet has come, as text. */
    void received(Transport from, String packet);

    /** Bytes have come: an attachment of the last packet. */
    void received(Transport from, byte[] attachment);

    /** It has ended, and not because of a call to close(). */
    void ended(Transport from, String reason);
  }

  void open();

  void send(String packet);

  /** Sends an attachment of the last packet. */
  void send(byte[] attachment);

  /** Ends it after all packets are sent. The listener is not called. */
  void close();
}
