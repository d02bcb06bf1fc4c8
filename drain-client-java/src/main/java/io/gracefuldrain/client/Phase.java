package io.gracefuldrain.client;

/**
 * A state of a move, with the objects that exist only in it, and the behavior that differs between
 * states. On the event thread.
 */
abstract class Phase {
  private final MoveState name;

  private Phase(MoveState name) {
    this.name = name;
  }

  MoveState name() {
    return name;
  }

  /** Whether the old connection is still the current one. */
  boolean beforeRelease() {
    return name == MoveState.CONNECTING || name == MoveState.PREPARING || name == MoveState.HOLDING;
  }

  /** The next connection has joined a namespace. */
  void joined(Channel channel) {}

  /** The next pod has said hello. */
  void greeted() {}

  /** A namespace does not come along: it is not wanted any more, or was refused. */
  void left(AwareSocket socket) {}

  /** Another state follows. This one stops waiting. */
  void end() {}

  /** Connecting, or pausing between two attempts. Emits go out on the old connection. */
  static final class Connecting extends Phase {
    private final Approach approach;

    Connecting(Approach approach) {
      super(MoveState.CONNECTING);
      this.approach = approach;
    }

    @Override
    void joined(Channel channel) {
      approach.joined();
    }

    @Override
    void greeted() {
      approach.greeted();
    }

    @Override
    void left(AwareSocket socket) {
      approach.joined(); // it may have been the last one outstanding
    }
  }

  /** The application makes the next connection ready. Emits go out on the old connection. */
  static final class Preparing extends Phase {
    private final Connection next;
    private final Preparation preparation;

    Preparing(Connection next, Preparation preparation) {
      super(MoveState.PREPARING);
      this.next = next;
      this.preparation = preparation;
    }

    Connection next() {
      return next;
    }

    Preparation preparation() {
      return preparation;
    }

    @Override
    void joined(Channel channel) {
      preparation.prepare(channel);
    }

    @Override
    void left(AwareSocket socket) {
      preparation.leave(socket);
    }

    @Override
    void end() {
      preparation.end();
    }
  }

  /** Emits are held until the old pod has answered to landed. */
  static final class Holding extends Phase {
    private final Connection next;
    private final Preparation preparation;
    private final Landing landing;

    Holding(Connection next, Preparation preparation, Landing landing) {
      super(MoveState.HOLDING);
      this.next = next;
      this.preparation = preparation;
      this.landing = landing;
    }

    Connection next() {
      return next;
    }

    Preparation preparation() {
      return preparation;
    }

    Landing landing() {
      return landing;
    }

    @Override
    void left(AwareSocket socket) {
      preparation.leave(socket);
    }

    @Override
    void end() {
      landing.end();
    }
  }

  /** The next connection is current. The client still listens to the old one. */
  static final class Overlap extends Phase {
    Overlap() {
      super(MoveState.OVERLAP);
    }
  }

  /** The move has ended. The old connection may linger. */
  static final class Idle extends Phase {
    Idle() {
      super(MoveState.IDLE);
    }
  }
}
