package io.gracefuldrain.client;

/**
 * The states of a move, in the words of the protocol and in their order. A state has the objects
 * that exist only in it, and the behavior that differs between states. On the event thread.
 */
sealed interface MoveState {
  /** Connecting, or pausing between two attempts. Emits go out on the old connection. */
  record Connecting(Approach approach) implements MoveState {
    @Override
    public void joined(Channel channel) {
      approach.joined();
    }

    @Override
    public void greeted() {
      approach.greeted();
    }

    @Override
    public void left(AwareSocket socket) {
      approach.joined(); // it may have been the last one outstanding
    }
  }

  /** The application makes the next connection ready. Emits go out on the old connection. */
  record Preparing(Connection next, Preparation preparation) implements MoveState {
    @Override
    public void joined(Channel channel) {
      preparation.prepare(channel);
    }

    @Override
    public void left(AwareSocket socket) {
      preparation.leave(socket);
    }

    @Override
    public void end() {
      preparation.end();
    }
  }

  /** Emits are held until the old pod has answered to landed. */
  record Holding(Connection next, Preparation preparation, Landing landing) implements MoveState {
    @Override
    public void left(AwareSocket socket) {
      preparation.leave(socket);
    }

    @Override
    public void end() {
      landing.end();
    }
  }

  /** The next connection is current. The client still listens to the old one. */
  record Overlap() implements MoveState {}

  /** The move has ended. The old connection may linger. */
  record Idle() implements MoveState {}

  /** Whether the old connection is still the current one. */
  default boolean beforeRelease() {
    return this instanceof Connecting || this instanceof Preparing || this instanceof Holding;
  }

  /** The next connection has joined a namespace. */
  default void joined(Channel channel) {}

  /** The next pod has said hello. */
  default void greeted() {}

  /** A namespace is not wanted any more. */
  default void left(AwareSocket socket) {}

  /** Another state follows. This one stops waiting. */
  default void end() {}
}
