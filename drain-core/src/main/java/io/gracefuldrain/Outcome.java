package io.gracefuldrain;

/** What became of a connection in a drain. Each tracked connection has exactly one. */
public enum Outcome {
  /** On another pod: its client, or the pod that has its session, said so. */
  LANDED,
  /** Left on its own, with a goodbye. */
  LEFT,
  /** Let go in its slot; nobody has said where it arrived. */
  CLOSED,
  /** Closed by force: it still had work in flight, or did not go when asked. */
  FORCED,
  /**
   * Gone without a goodbye: the network failed, or the client died. Or it was still here when the
   * drain ended, and could not be called in time to close it.
   */
  LOST,
  /** Still here when the drain was recalled. */
  KEPT
}
