package io.gracefuldrain.lab.lean;

/**
 * How a lean client's Engine.IO packets travel. It and what it tells live on one event loop, and
 * after its end it tells nothing more.
 */
interface Transport {
  /** Who is told. */
  interface Listener {
    /** A packet has come, as text. */
    void received(Transport from, String packet);

    /** It has ended, though nobody here asked it to. */
    void ended(Transport from, String reason);
  }

  void open();

  void send(String packet);

  /** Ends it, after what was sent. The listener is told nothing. */
  void close();
}
