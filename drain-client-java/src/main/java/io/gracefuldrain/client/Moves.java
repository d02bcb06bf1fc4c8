package io.gracefuldrain.client;

import java.util.List;
import java.util.function.BiFunction;
import org.json.JSONObject;
import org.jspecify.annotations.Nullable;

/** The moves of one client, one at a time: their beginnings, and their effects. */
final class Moves implements Mover {
  private final Target target;
  private final long overlapMs;
  private final Timers timers;
  private final Sockets sockets;
  private final Connections connections;
  private final Outbox outbox;
  private final BiFunction<Target, AwareSocket, Connection> opening;
  private final Hints hints;
  private @Nullable Move move;

  Moves(
      Target target,
      long overlapMs,
      Timers timers,
      Sockets sockets,
      Connections connections,
      Outbox outbox,
      BiFunction<Target, AwareSocket, Connection> opening) {
    this.target = target;
    this.overlapMs = overlapMs;
    this.timers = timers;
    this.sockets = sockets;
    this.connections = connections;
    this.outbox = outbox;
    this.opening = opening;
    this.hints = new Hints(timers);
  }

  /** The move under way; null if there is none. */
  @Nullable Move underWay() {
    return move;
  }

  /** The move under way, if this is its next connection. */
  @Nullable Move to(Connection connection) {
    return move != null && connection == move.next() ? move : null;
  }

  void hinted(Connection over, Hint hint) {
    begin(hints.arrived(over, hint, move != null, connections.isCurrent(over)));
  }

  private void begin(Hints.@Nullable Due due) {
    if (due != null) {
      Move begun = new Move(this, timers, overlapMs, due);
      move = begun;
      begun.begin();
    }
  }

  /** A socket leaves all connections except the current one. After the last socket, moves end. */
  void leave(AwareSocket socket) {
    Move underWay = move;
    if (underWay != null) {
      underWay.leave(socket);
    }
    connections.leaveRetired(socket);
    if (sockets.active().isEmpty()) {
      hints.forget();
      connections.dropRetired();
      if (underWay != null) {
        underWay.cancel();
      }
    }
  }

  @Override
  public Connection next(Hint hint) {
    List<AwareSocket> active = sockets.active();
    Connection next = opening.apply(target.hinted(hint), active.get(0));
    next.probe();
    active.forEach(next::channel);
    return next;
  }

  @Override
  public void adopt(Connection next, RetiredConnection old, Preparation preparation) {
    next.adopt(target);
    connections.adopt(next, old);
    for (AwareSocket socket : sockets.active()) {
      Channel channel = next.channel(socket);
      if (channel.joined()) {
        socket.entered(channel.id());
        if (!preparation.isDone(channel)) {
          ReadyCall.unawaited(channel);
        }
      } else if (!channel.inner().isActive()) {
        channel.open(); // the application hears when it joins, or is refused
      }
    }
  }

  @Override
  public void tell(String event, JSONObject figures) {
    sockets.tell(event, figures);
  }

  @Override
  public void hold() {
    outbox.hold();
  }

  @Override
  public int release() {
    sockets.active().forEach(outbox::sendKept);
    return outbox.release();
  }

  @Override
  public void sendLastWords(Channel next) {
    outbox.sendKeptOn(next);
  }

  @Override
  public void deliver(AwareSocket socket, String event, Object[] args) {
    if (!socket.listeners().deliver(event, args)) {
      connections.countDuplicate();
    }
  }

  /** Namespaces that were to be joined on the next connection are joined on the old one. */
  @Override
  public void stay() {
    Connection here = connections.current();
    if (here != null) {
      sockets.active().stream()
          .map(here::channel)
          .filter(channel -> !channel.inner().isActive())
          .forEach(Channel::open);
    }
  }

  @Override
  public void dropped(Connection old) {
    connections.forget(old);
  }

  /** A hint that waited is acted on now. */
  @Override
  public void over() {
    move = null;
    Hints.Due due = hints.next(connections.current());
    begin(sockets.active().isEmpty() ? null : due);
  }
}
