package io.gracefuldrain.benchmarks;

import io.gracefuldrain.CloseManner;
import io.gracefuldrain.ConnectionHandle;
import io.gracefuldrain.Departure;
import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.DrainableConnection;
import io.gracefuldrain.ReconnectHint;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.UUID;

/** A connection with nothing behind it that does at once what a drain asks of it. */
final class PodClient implements DrainableConnection {
  /** The clients that a pod may have. */
  enum Kind {
    /** They know no hints, and have no work in flight. */
    IDLE,
    /** They hear their hint, and take longer to move than anything here lasts. */
    AWARE,
    /** Work is in flight on all of them, and does not end. */
    BUSY
  }

  private final Kind kind;
  private final UUID uuid;
  private final ConnectionHandle handle;

  private PodClient(Kind kind, UUID uuid, ConnectionHandle handle) {
    this.kind = kind;
    this.uuid = uuid;
    this.handle = handle;
  }

  /** Connects a client. */
  static PodClient connect(DrainCoordinator coordinator, Kind kind, SplittableRandom random) {
    UUID uuid = new UUID(random.nextLong(), random.nextLong());
    PodClient client = coordinator.register(handle -> new PodClient(kind, uuid, handle));
    if (kind == Kind.BUSY && !client.handle.tryEnter()) {
      throw new IllegalStateException("the gate is sealed (expected: open)");
    }
    return client;
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
    return kind == Kind.AWARE;
  }

  @Override
  public void hint(ReconnectHint hint) {
    handle.heard();
  }

  @Override
  public void close(CloseManner manner, Duration within) {
    handle.left(Departure.GOODBYE);
  }

  /** Says goodbye on its own. */
  void leave() {
    handle.left(Departure.GOODBYE);
  }
}
