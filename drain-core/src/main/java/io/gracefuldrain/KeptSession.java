package io.gracefuldrain;

import java.util.concurrent.CompletionStage;

/**
 * The session of a connection that a drain or a shed has let go, kept for the pod where its client
 * turns up. It begins as a mailbox that fills, and waits once it is {@linkplain #offer offered}. It
 * ends in one of three ways: landed on another pod, expired, or dropped by its adapter.
 * Thread-safe; no method blocks.
 */
public interface KeptSession {
  /** How many bytes a packet counts besides its own: about what it takes in memory. */
  int PACKET_BYTES = 256;

  /**
   * Reserves room for one packet more.
   *
   * @param bytes its size, at least 0; {@link #PACKET_BYTES} are added to it
   * @return false if the bound of this session or of the pod is reached, or it has ended. From then
   *     on nothing more of it is kept, and nobody can take it: a session that is not whole is none
   */
  boolean reserve(int bytes);

  /**
   * All that was written to the client has arrived: the session may be taken from now on. The
   * connection stays on the drain's list until the adapter calls {@link ConnectionHandle#left},
   * which it does once it has {@linkplain Source#landed landed} or has {@linkplain Source#expired
   * expired}.
   */
  void offer(Source source);

  /**
   * The session cannot be handed over: it cannot be shown that all has arrived, say.
   *
   * @param reason one of a few words, for the metrics: {@code unproven}, {@code disconnected}. A
   *     pod that has taken the session is told of the latter, when it says that its client has it
   */
  void drop(String reason);

  /**
   * Counts an event of the client that came too late and does not go along, since it asks for an
   * acknowledgement.
   */
  void leftOut();

  /** What an adapter keeps of a session. Called from any thread; no method blocks. */
  interface Source {
    /**
     * What the next pod needs before it lets the client in. May be asked more than once.
     *
     * @param question what that pod knows of the client, in a form of the adapter's
     * @throws HandOverRefusal if the session is not that client's
     */
    byte[] state(byte[] question) throws HandOverRefusal;

    /**
     * Gives all that was kept. The session goes on here. May be asked more than once, and gives
     * then what has come since, too.
     *
     * @throws HandOverRefusal if it has just ended
     */
    byte[] take() throws HandOverRefusal;

    /**
     * Its client has it, on the pod that took it: it ends here. Called once, and not after {@link
     * #expired}.
     *
     * @return completes when it has ended, with what has come since the last {@link #take}: that is
     *     given to the other pod, too. Until then there is {@linkplain KeptSession#reserve room}
     */
    CompletionStage<byte[]> landed(String pod);

    /** Nobody has come in time: the session ends here. Not called after {@link #landed}. */
    void expired();
  }
}
