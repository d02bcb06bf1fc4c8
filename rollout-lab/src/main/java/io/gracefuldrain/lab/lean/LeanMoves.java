package io.gracefuldrain.lab.lean;

import com.fasterxml.jackson.databind.JsonNode;
import io.gracefuldrain.lab.ledger.Account;
import io.netty.channel.EventLoop;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The moves of a lean client that knows the reconnect hint: one at a time, each a {@link LeanMove}.
 * It reads the protocol's events and gives each to the connection that brought it. A message of the
 * feed that another connection has brought is dropped by its number. Used on the client's event
 * loop only.
 */
final class LeanMoves implements LeanMove.Owner {
  static final String PREFIX = "drain:";

  private static final String HELLO = PREFIX + "hello";
  private static final String PLAN = PREFIX + "plan";
  private static final String RECONNECT = PREFIX + "reconnect";

  private record Later(Hint hint, Connection over) {}

  private final LeanParts parts;
  private final Inbox inbox;
  private final Outbox outbox = new Outbox();
  private final Lingering lingering;
  // The pod at the other end of the current connection.
  private PodSaid here = new PodSaid();
  // The move under way, or the last one.
  private @Nullable LeanMove move;
  private @Nullable Later later;

  LeanMoves(
      LeanClient client,
      EventLoop loop,
      DoubleSupplier random,
      Account account,
      LongSupplier clock) {
    this.inbox = new Inbox(account, clock);
    this.parts = new LeanParts(client, loop, random, account, clock, inbox, outbox);
    this.lingering = new Lingering(loop, clock);
  }

  /** Returns the approach whose next connection this is, or null. */
  private @Nullable LeanApproach approachOf(Connection connection) {
    return move != null && connection == move.approach().next() ? move.approach() : null;
  }

  private boolean idle() {
    return move == null || !move.underWay();
  }

  // ---------------------------------------------------------------- the protocol's events

  /** An event of the protocol has come. */
  void told(Connection over, String name, JsonNode payload, @Nullable Integer acknowledgement) {
    if (acknowledgement != null) {
      over.acknowledge(acknowledgement);
    }
    switch (name) {
      case HELLO -> hello(over, payload);
      case PLAN -> plan(over, payload);
      case RECONNECT -> {
        Hint hint = Hint.read(payload);
        if (hint != null) {
          hinted(over, hint);
        }
      }
      default -> {} // of a later version
    }
  }

  private void hello(Connection over, JsonNode payload) {
    LeanApproach approach = approachOf(over);
    if (approach != null) {
      approach.hello(payload);
    } else if (over == parts.client().current()) {
      here.hello(payload);
    }
  }

  private void plan(Connection over, JsonNode payload) {
    LeanApproach approach = approachOf(over);
    (approach == null ? here : approach.there()).plan(payload);
  }

  private void hinted(Connection over, Hint hint) {
    if (move != null && move.isOf(hint)) {
      return; // said again
    }
    if (!idle()) {
      later = new Later(hint, over);
    } else if (over == parts.client().current()) {
      begin(hint, over);
    }
  }

  private void begin(Hint hint, Connection old) {
    move = new LeanMove(parts, this, hint, old, here);
    move.begin();
  }

  @Override
  public void tookOver(PodSaid there) {
    here = there;
  }

  @Override
  public void overlapped(LeanMove moved) {
    if (moved.old().owes()) {
      lingering.add(moved);
    } else {
      moved.finish();
    }
  }

  @Override
  public void over() {
    Later then = later;
    later = null;
    if (then != null && then.over() == parts.client().current()) {
      begin(then.hint(), then.over());
    }
  }

  // ---------------------------------------------------------------- the client's connections

  /** A connection is there that is not the client's current one. */
  void connected(Connection connection) {
    if (move != null && approachOf(connection) != null) {
      move.nextConnected(connection);
    }
  }

  /** The client's own reconnection was there first. */
  void cameBack() {
    here = new PodSaid();
    inbox.beginAnew();
    if (move != null && move.underWay()) {
      outbox.forget(); // emits held for the next connection are due again
      move.failed("its own reconnection was first");
    }
  }

  /**
   * A connection has ended.
   *
   * @return whether nothing else is to be done about it
   */
  boolean ended(Connection connection, Connection.End end) {
    return lingering.ended(connection) || (move != null && move.ended(connection, end));
  }

  /** The window in which to come back when a connection is lost; 0 for the stock way. */
  long plannedMs(Connection connection) {
    return move != null && move.old().was(connection) ? 0 : here.planMs();
  }

  /** Leaves for good. */
  void close() {
    lingering.close();
    if (move != null) {
      move.close();
    }
  }

  // ---------------------------------------------------------------- messages

  /** A message of the feed has come, over any connection. */
  void heard(Connection over, long n, @Nullable String pod) {
    parts.account().arrived(n, pod);
    if (move != null && approachOf(over) != null) {
      if (!inbox.holdBack(n, over)) {
        move.failed("too many messages held back");
      }
    } else if (!inbox.deliver(n, over) && move != null) {
      move.cost().dropped(1);
    }
  }

  /** Whether emits are held. */
  boolean holding() {
    return outbox.holding();
  }

  /** Keeps an emit until there is a connection for it. */
  void hold(Runnable emit) {
    outbox.add(emit);
    if (move != null) {
      move.cost().held();
    }
  }
}
