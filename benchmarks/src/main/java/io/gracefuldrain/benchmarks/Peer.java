package io.gracefuldrain.benchmarks;

import io.gracefuldrain.CloseManner;
import io.gracefuldrain.DrainableConnection;
import io.gracefuldrain.ReconnectHint;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.UUID;

/** A connection with nothing behind it. Its id is made in the way of the netty-socketio adapter. */
record Peer(UUID uuid) implements DrainableConnection {

  /** A new peer. A secure UUID would cost more than all that is measured, so it has a plain one. */
  static Peer fresh(SplittableRandom random) {
    return new Peer(new UUID(random.nextLong(), random.nextLong()));
  }

  @Override
  public String id() {
    return uuid.toString();
  }

  @Override
  public String transport() {
    return "websocket";
  }

  @Override
  public boolean aware() {
    return false;
  }

  @Override
  public void hint(ReconnectHint hint) {
    throw new UnsupportedOperationException("hint: nothing is drained here");
  }

  @Override
  public void close(CloseManner manner, Duration within) {
    throw new UnsupportedOperationException("close: nothing is drained here");
  }
}
