package io.gracefuldrain;

/** What became of a connection in a drain. Each tracked connection has exactly one. */
public enum Outcome {
  /** On another pod: the client said so before it let go of the old connection. */
  LANDED,
  /** Went by itself, saying goodbye. */
  LEFT,
  /** Let go in its slot; where it arrived is not proven. */
  CLOSED,
  /** Closed while it still had work in flight, or would not go. */
  FORCED,
  /** Gone without a word: the network failed, or the client died. */
  LOST,
  /** Still here when the drain was recalled. */
  KEPT
}
