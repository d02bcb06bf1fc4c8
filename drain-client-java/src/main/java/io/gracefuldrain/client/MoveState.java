package io.gracefuldrain.client;

/** Where a client is in a move, in the words of the protocol and in their order. */
public enum MoveState {
  /** There is no move. An old connection may still linger for answers. */
  IDLE,
  /** The client connects to the next pod, or pauses between two attempts. */
  CONNECTING,
  /** The application makes the next connection ready. */
  PREPARING,
  /** Emits are held until the old pod has answered. */
  HOLDING,
  /** The next connection is current. The client still listens to the old one. */
  OVERLAP
}
