package io.gracefuldrain;

/**
 * The session of a connection that a drain or a shed has let go, kept for the pod where its client
 * turns up. It begins as a mailbox that fills, and waits once it is {@linkplain #offer offered}. It
 * ends in one of three ways: taken by another pod, expired, or dropped by its adapter. Thread-safe;
 * no method blocks.
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
   * which it does once the source was {@linkplain Source#take taken} or has {@linkplain
   * Source#expired expired}.
   */
  void offer(Source source);

  /**
   * The session cannot be handed over: it cannot be shown that all has arrived, say.
   *
   * @param reason one of a few words, for the metrics: {@code unproven}, {@code disconnected}
   */
  void drop(String reason);

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
     * Ends the session here, and gives all that was kept. Called once; it is not called after
     * {@link #expired}.
     *
     * @param pod the pod that takes it
     */
    byte[] take(String pod);

    /** Nobody has come in time: the session ends here. It is not called after {@link #take}. */
    void expired();
  }
}
