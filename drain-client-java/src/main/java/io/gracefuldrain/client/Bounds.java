package io.gracefuldrain.client;

/** The bounds of the protocol. The unit is in the name. */
final class Bounds {
  /** Attempts of one move. */
  static final int ATTEMPTS_MOST = 3;

  /** The shortest pause between two attempts; pauses are random. */
  static final long PAUSE_LEAST_MS = 100;

  /** The longest pause between two attempts. */
  static final long PAUSE_MOST_MS = 300;

  /** How long a move waits for the next pod's hello after the first connect. */
  static final long HELLO_MS = 1_000;

  /** After this time without an answer, landed is said a second time. */
  static final long LANDED_AGAIN_MS = 500;

  /** How long a move waits for the answer to landed beyond the server's grace. */
  static final long BEYOND_GRACE_MS = 1_000;

  /**
   * The wait, after the end of one connection, for the end of the other. A fault that ends one may
   * be about to end both, and held emits must not go out on a connection that has ended.
   */
  static final long BOTH_CUT_MS = 50;

  /** How long a cut stays hidden while the next connection is not there yet. */
  static final long CUT_HIDDEN_MS = 2_000;

  /** The default of the overlap. */
  static final long OVERLAP_MS = 500;

  /** The longest overlap that can be set. */
  static final long OVERLAP_MOST_MS = 60_000;

  /** The longest time, from the release on, that an old connection is kept for answers. */
  static final long LINGER_MOST_MS = 60_000;

  /** Emits held in a move; also deliveries of the next connection that are held back. */
  static final int HELD_MOST = 10_000;

  /** Message ids remembered for each namespace. */
  static final int IDS_KEPT = 1_024;

  /** How long an id is remembered, outside of moves, as one that another connection may bring. */
  static final long ID_KEPT_MS = 5_000;

  /** The longest time that a server can tell; more counts as this. */
  static final long DURATION_MOST_MS = 3_600_000;

  private Bounds() {}

  /** A time that a server has told, within its bound. */
  static long told(long millis) {
    return Math.min(millis, DURATION_MOST_MS);
  }
}
