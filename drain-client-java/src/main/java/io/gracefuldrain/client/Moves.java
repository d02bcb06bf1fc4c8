package io.gracefuldrain.client;

import io.socket.client.Manager;
import io.socket.client.Socket;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.json.JSONObject;
import org.jspecify.annotations.Nullable;

/** The moves of one client, one at a time: their beginnings, and their effects. */
final class Moves implements Mover {
  private static final String ENDED = "io server disconnect";

  private final Target target;
  private final Origins origins;
  private final long overlapMs;
  private final Timers timers;
  private final Log log;
  private final AwareManager manager;
  private final Sockets sockets;
  private final Connections connections;
  private final Outbox outbox;
  private final Function<Target, Connection> opening;
  private final Hints hints;
  private final List<Channel> unprepared = new ArrayList<>();
  private final List<AwareSocket> toGreet = new ArrayList<>();
  private @Nullable Move move;
  private @Nullable String refusedTicket;
  private Hints.@Nullable Due declined;
  private volatile MoveState state = MoveState.IDLE;

  Moves(
      Target target,
      AwareOptions options,
      Timers timers,
      Log log,
      AwareManager manager,
      Sockets sockets,
      Connections connections,
      Outbox outbox,
      Function<Target, Connection> opening) {
    this.target = target;
    this.origins = new Origins(target.own(), options.origins());
    this.overlapMs = options.overlap().toMillis();
    this.timers = timers;
    this.log = log;
    this.manager = manager;
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

  /** The state of the move under way. From any thread. */
  MoveState state() {
    return state;
  }

  void hinted(Connection over, Hint hint) {
    log.step("hint", "reason", hint.reason(), "graceMs", hint.graceMs());
    Hint followed = hint;
    if (hint.url() != null && !origins.allow(hint.url())) {
      if (!hint.ticket().equals(refusedTicket)) {
        log.ignored(
            Wire.RECONNECT + ": url",
            new Object[] {hint.url()},
            "the app's own origin, or one of the option origins");
      }
      refusedTicket = hint.ticket();
      followed = hint.withoutUrl();
    }
    declined = null;
    begin(hints.arrived(over, followed, move != null, connections.isCurrent(over)));
  }

  private void begin(Hints.@Nullable Due due) {
    if (due != null) {
      sockets.active().forEach(socket -> socket.listeners().seen().forgetOld(timers.nanoTime()));
      Move begun = new Move(this, timers, overlapMs, due);
      move = begun;
      begun.begin();
    }
  }

  @Override
  public void declined(Hints.Due due) {
    declined = due.isAgain() ? null : due.anew();
  }

  /**
   * The application connects a socket that is connected. If a move was refused in every namespace,
   * it has refreshed its token, say: the move begins anew, once, while there is time.
   */
  void again() {
    Hints.Due due = declined;
    if (move != null || due == null) {
      return;
    }
    declined = null;
    boolean stands = connections.isCurrent(due.over()) && due.over().standing() != null;
    if (stands && due.deadline() - timers.nanoTime() > 0) {
      begin(due);
    }
  }

  /**
   * A socket has left the current connection for good, and leaves the others. The application hears
   * it last, since it may connect again in its listener.
   */
  void left(AwareSocket socket, String reason) {
    socket.setActive(false);
    leave(socket);
    socket.lost(reason);
  }

  /** A socket leaves all connections except the current one. After the last socket, moves end. */
  private void leave(AwareSocket socket) {
    Move underWay = move;
    if (underWay != null) {
      underWay.leave(socket);
    }
    connections.leaveRetired(socket);
    if (sockets.active().isEmpty()) {
      hints.forget();
      declined = null;
      connections.dropRetired();
      if (underWay != null) {
        underWay.cancel();
      }
    }
  }

  @Override
  public void end(AwareSocket socket) {
    left(socket, ENDED);
  }

  @Override
  public void attempting(int number) {
    manager.fire(Manager.EVENT_RECONNECT_ATTEMPT, number);
  }

  /** The sockets that a move takes along: not those that an older connection still has. */
  private List<AwareSocket> moving() {
    List<AwareSocket> moving = new ArrayList<>(sockets.active());
    moving.removeIf(connections::isStaying);
    return moving;
  }

  @Override
  public Connection next(Hint hint, boolean webSocketFirst, Set<AwareSocket> declined) {
    Connection next = opening.apply(target.hinted(hint, webSocketFirst));
    next.probe();
    for (AwareSocket socket : moving()) {
      if (!declined.contains(socket)) {
        next.channel(socket);
      }
    }
    return next;
  }

  @Override
  public void adopt(
      Connection next,
      RetiredConnection retired,
      Preparation preparation,
      Receipt receipt,
      Map<AwareSocket, String> declined) {
    Connection old = connections.current();
    next.adopt(target);
    connections.adopt(next, retired);
    Map<AwareSocket, JSONObject> switched = new LinkedHashMap<>();
    Map<AwareSocket, JSONObject> staying = new LinkedHashMap<>();
    for (AwareSocket socket : moving()) {
      Channel channel = next.channel(socket);
      String refusal = declined.get(socket);
      if (refusal != null) {
        staying.put(socket, receipt.failed(Failure.REFUSED, refusal));
        keep(socket, old);
      } else if (channel.joined()) {
        switched.put(socket, switched(socket, channel, receipt));
        prepared(channel, preparation);
      } else if (!channel.inner().isActive()) {
        channel.open(); // the application hears when it joins, or is refused
      }
    }
    switched.forEach((socket, figures) -> tell(socket, Wire.SWITCHED, figures));
    staying.forEach((socket, figures) -> tell(socket, Wire.FAILED, figures));
    staying.keySet().stream().filter(socket -> !connections.isStaying(socket)).forEach(this::end);
  }

  private JSONObject switched(AwareSocket socket, Channel channel, Receipt receipt) {
    JSONObject figures = receipt.switched(channel.id(), socket.lastId());
    boolean away = socket.enter(channel.id());
    if (away || receipt.hasGap() || socket.options().ready() == null) {
      toGreet.add(socket);
    }
    return figures;
  }

  private void prepared(Channel channel, Preparation preparation) {
    if (preparation.isDone(channel)) {
      channel.endReady();
    } else {
      unprepared.add(channel);
    }
  }

  /** The next pod has refused the socket. It keeps the old connection, if it has it, to its end. */
  private void keep(AwareSocket socket, @Nullable Connection old) {
    Channel there = old == null ? null : old.known(socket);
    if (old != null && there != null && there.joined()) {
      connections.stay(socket, old);
    }
  }

  @Override
  public void greet() {
    List<AwareSocket> greeted = new ArrayList<>(toGreet);
    List<Channel> late = new ArrayList<>(unprepared);
    toGreet.clear();
    unprepared.clear();
    if (!greeted.isEmpty()) { // as by a stock reconnect
      manager.fire(Manager.EVENT_OPEN);
      manager.fire(Manager.EVENT_RECONNECT, 1);
    }
    for (AwareSocket socket : greeted) {
      if (socket.connected()) { // else the application has disconnected meanwhile
        socket.listeners().fire(Socket.EVENT_CONNECT);
      }
    }
    late.stream().filter(Channel::joined).forEach(ReadyCall::unawaited);
  }

  @Override
  public void state(MoveState now) {
    state = now;
  }

  @Override
  public void tell(String event, JSONObject figures) {
    log.event(event, figures);
    moving().forEach(socket -> socket.tell(event, figures));
  }

  @Override
  public void tell(AwareSocket socket, String event, JSONObject figures) {
    log.event(event, figures);
    socket.tell(event, figures);
  }

  @Override
  public void fire(String event, Object[] args) {
    manager.fire(event, args);
  }

  @Override
  public void refused(AwareSocket socket, Object error) {
    socket.listeners().fire(Socket.EVENT_CONNECT_ERROR, error);
  }

  @Override
  public void log(String what, @Nullable Object... details) {
    log.step(what, details);
  }

  @Override
  public void ignored(String event, Object[] given, String expected) {
    log.ignored(event, given, expected);
  }

  @Override
  public void hold() {
    Connection old = connections.current();
    if (old != null) {
      old.channels().forEach(Channel::endReady); // nothing may pass the hold
    }
    outbox.hold();
  }

  @Override
  public int release(Set<AwareSocket> ended) {
    int held = 0;
    for (AwareSocket socket : sockets.active()) {
      int kept = outbox.sendKept(socket);
      held += ended.contains(socket) ? kept : 0;
    }
    return held + outbox.release();
  }

  @Override
  public void sendLastWords(Channel next) {
    outbox.sendKeptOn(next);
  }

  @Override
  public void deliver(Connection from, AwareSocket socket, String event, Object[] args) {
    boolean moving = state != MoveState.IDLE;
    if (!socket.listeners().deliver(from.key(), event, args, timers.nanoTime(), moving)) {
      connections.countDuplicate();
    }
  }

  /** Namespaces that were to be joined on the next connection are joined on the old one. */
  @Override
  public void stay(Set<AwareSocket> ended) {
    Connection here = connections.current();
    if (here == null) {
      return;
    }
    for (AwareSocket socket : sockets.active()) {
      if (!ended.contains(socket) && !connections.isStaying(socket)) {
        Channel channel = here.channel(socket);
        if (!channel.inner().isActive()) {
          channel.open();
        }
      }
    }
  }

  @Override
  public void dropped(Connection old) {
    connections.forget(old);
    connections.stayingOn(old).forEach(this::end);
  }

  /** A hint that waited is acted on now. */
  @Override
  public void over() {
    move = null;
    Hints.Due due = hints.next(connections.current());
    begin(sockets.active().isEmpty() ? null : due);
  }
}
