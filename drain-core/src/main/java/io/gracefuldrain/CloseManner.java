package io.gracefuldrain;

/** How a connection is to be closed. */
public enum CloseManner {
  /** It is idle and sealed: deliver all queued messages, then end the transport. */
  LET_GO,
  /** Time is up: end the transport at once, even if work is in flight. */
  FORCE
}
