package io.gracefuldrain;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A connection on the roster. What it does is its gate's business, and lock-free; where it stands
 * in a drain (all other fields) is guarded by the coordinator's lock.
 */
final class TrackedConnection implements ConnectionHandle {
  /** How far a drain has come with a connection. */
  enum Stage {
    /** Waits for its slot, if there is a drain. */
    PRESENT,
    /** Was hinted, and has its hint grace. */
    HINTED,
    /** Had its slot, and is let go as soon as it is idle. */
    DUE,
    /** Was asked to close. */
    LETTING_GO,
    /** Was closed by force. */
    FORCED
  }

  final DrainableConnection connection;
  // Asked once, at registration: what is foreign is not asked under the lock.
  final String id;
  final boolean aware;
  final LeaseStack leases;
  private final ConnectionRegistry connections;

  Stage stage = Stage.PRESENT;
  // When its slot came, if it has; and when a drain first saw it busy.
  long slotAt;
  long busySince;
  boolean seenBusy;
  boolean slotted;
  // Whether the client has acknowledged its hint, and when.
  boolean heard;
  long heardAt;
  boolean landed;
  // Already counted in a receipt, by a recall or at the end of FORCING.
  boolean accounted;
  boolean ended;

  Roster.@Nullable Line line;
  @Nullable TrackedConnection previous;
  @Nullable TrackedConnection next;

  TrackedConnection(
      ConnectionRegistry connections, DrainableConnection connection, Clockwork clock) {
    this.connections = connections;
    this.connection = connection;
    this.id = Objects.requireNonNull(connection.id(), "connection.id()");
    this.aware = connection.aware();
    this.leases = new LeaseStack(clock);
  }

  @Override
  public boolean tryEnter() {
    return leases.gate().tryEnter();
  }

  @Override
  public void exit() {
    leases.gate().exit();
  }

  @Override
  public @Nullable WorkLease tryBegin(String work) {
    return leases.tryBegin(work, null);
  }

  @Override
  public @Nullable WorkLease tryBegin(String work, Duration limit) {
    return leases.tryBegin(work, limit);
  }

  @Override
  public boolean sealed() {
    return leases.gate().sealed();
  }

  @Override
  public void heard() {
    connections.heard(this);
  }

  @Override
  public void landed(String pod, Duration connectTime) {
    connections.landed(this, pod, connectTime);
  }

  @Override
  public void left(Departure how) {
    connections.left(this, how);
  }

  boolean idle() {
    return leases.gate().inside() == 0;
  }

  /** What its end counts as. */
  Outcome outcome(Departure how) {
    if (landed) {
      return Outcome.LANDED;
    }
    return switch (stage) {
      case FORCED -> Outcome.FORCED;
      case LETTING_GO -> Outcome.CLOSED;
      case PRESENT, HINTED, DUE -> how == Departure.GOODBYE ? Outcome.LEFT : Outcome.LOST;
    };
  }
}
