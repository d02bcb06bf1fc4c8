package io.gracefuldrain;

/**
 * The phase of a pod, as its connections see it. The declaration order is the legal order. Only a
 * recall goes back, from any phase of a drain to {@link #SERVING}.
 */
public enum DrainPhase {
  /**
   * The application has not started: it is not ready, and the startup probe or the postStart hook
   * waits.
   */
  STARTING,
  /** Ready, admits and serves. */
  SERVING,
  /**
   * Lame duck: new connections should stop coming. Those that still come are admitted and served,
   * since routing tables lag behind.
   */
  UNREADY,
  /**
   * Handshakes are refused (or moved at once, by policy); each connection is let go in its slot.
   */
  MOVING,
  /** Every connection was let go or hinted; those with work in flight may finish it. */
  SETTLING,
  /** The connections that remain are closed, even with work in flight. */
  FORCING,
  /** The receipt is out; the process stops its servers and may exit. */
  DRAINED;

  /** Whether a drain is going on or has ended without a recall. */
  public boolean draining() {
    return compareTo(UNREADY) >= 0;
  }

  /** Whether connections are being let go, so that new connections should go elsewhere. */
  public boolean lettingGo() {
    return compareTo(MOVING) >= 0;
  }
}
