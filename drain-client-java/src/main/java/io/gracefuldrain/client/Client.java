package io.gracefuldrain.client;

import io.socket.client.Ack;
import io.socket.client.Socket;
import io.socket.thread.EventThread;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.json.JSONObject;
import org.jspecify.annotations.Nullable;

/**
 * All sockets of one address: which connection they use, and the move from one to the next. Its
 * state is the event thread's alone; what other threads touch is the outbox's gate and the list of
 * sockets.
 */
final class Client {
  static final String MOVING = "drain:moving";
  static final String MOVED = "drain:moved";
  static final String FAILED = "drain:failed";

  private final Target target;
  private final Duration overlap;
  private final Timers timers;
  private final Sockets sockets = new Sockets(this);
  private final Outbox outbox = new Outbox(this::currentChannel);
  private final Hints hints;
  // Old connections that are still listened to, with the move away from each.
  private final Map<Connection, Move> lingering = new LinkedHashMap<>();
  private @Nullable Connection current;
  private @Nullable Move move;

  Client(Target target, Duration overlap, Timers timers) {
    this.target = target;
    this.overlap = overlap;
    this.timers = timers;
    this.hints = new Hints(timers);
  }

  // ---------------------------------------------------------------- what the application does

  void connect(AwareSocket socket) {
    socket.setActive(true);
    if (current == null) {
      current = new Connection(this, target, socket);
    }
    Approach approach = move == null ? null : move.approach();
    if (approach != null) {
      approach.join(socket);
    }
    if (move == null || !move.landing()) { // else nothing more is said on the old connection
      current.channel(socket).open();
    }
  }

  void disconnect(AwareSocket socket) {
    if (move != null) {
      move.releaseIfCut();
    }
    socket.setActive(false);
    outbox.sendLastWords(socket);
    if (current != null) {
      current.leave(socket);
    }
    lost(socket, "io client disconnect"); // of a cut that was hidden from it
    leave(socket);
  }

  private void leave(AwareSocket socket) {
    Move ongoing = move;
    if (ongoing != null) {
      ongoing.leave(socket);
    }
    List.copyOf(lingering.keySet()).forEach(old -> old.leave(socket));
    if (sockets.active().isEmpty()) {
      hints.forget();
      List.copyOf(lingering.values()).forEach(Move::forget); // the application may come in between
      lingering.clear();
      if (ongoing != null) {
        ongoing.cancel();
      }
    }
  }

  void listen(AwareSocket socket, String event) {
    List<Connection> all = new ArrayList<>(lingering.keySet());
    Connection next = move == null ? null : move.next();
    if (current != null) {
      all.add(current);
    }
    if (next != null) {
      all.add(next);
    }
    for (Connection connection : all) {
      Channel channel = connection.known(socket);
      if (channel != null) {
        channel.listen(event);
      }
    }
  }

  // ---------------------------------------------------------------- what connections do

  void joined(Channel channel) {
    Connection connection = channel.connection();
    Move ongoing = move;
    if (connection.dropped()) {
      return;
    }
    Approach approach = approachTo(connection);
    if (approach != null) {
      approach.joined(channel);
    } else if (connection == current) {
      if (ongoing != null && ongoing.wasCut()) {
        ongoing.fail("the old connection came back first");
      }
      entered(channel);
      outbox.sendKept(channel.socket());
      makeReady(channel);
    }
  }

  /** A socket has the current connection; the application hears of it if it had none. */
  private void entered(Channel channel) {
    AwareSocket socket = channel.socket();
    boolean away = !socket.connected();
    socket.setConnected(true, channel.id());
    if (away) {
      socket.listeners().fire(Socket.EVENT_CONNECT);
    }
  }

  /** Outside of a move, which nothing waits for. */
  private static void makeReady(Channel channel) {
    Readying.begin(channel, false)
        .whenComplete(
            (done, failure) -> {
              if (failure != null) {
                JSONObject why =
                    new JSONObject()
                        .put("reason", "ready")
                        .put("message", Readying.message(failure));
                EventThread.exec(() -> channel.socket().listeners().fire(FAILED, why));
              }
            });
  }

  void left(Channel channel, String reason) {
    Connection connection = channel.connection();
    Approach approach = approachTo(connection);
    Move of = lingering.get(connection);
    if (connection.dropped()) {
      return;
    }
    if (connection == current) {
      lostCurrent(channel.socket(), reason);
    } else if (approach != null) {
      if (channel.socket().isActive()) { // else the application has left it, not the server
        approach.lost(reason);
      }
    } else if (of != null && connection.standing() == null) {
      of.finish();
    }
  }

  private void lostCurrent(AwareSocket socket, String reason) {
    boolean forGood = reason.startsWith("io "); // by one of the two sides' own will
    if (forGood || move == null || !move.hides(reason)) {
      lost(socket, reason);
    }
    if (forGood && socket.isActive()) {
      gone(socket);
    }
    if (!forGood && move != null) {
      move.cut();
    }
  }

  /** A socket does not come back by itself. */
  private void gone(AwareSocket socket) {
    socket.setActive(false);
    leave(socket);
  }

  void refused(Channel channel, Object error) {
    Approach approach = approachTo(channel.connection());
    if (channel.connection().dropped()) {
      return;
    }
    if (approach != null) {
      approach.refused(
          channel, error instanceof Exception e ? Readying.message(e) : error.toString());
    } else if (channel.connection() == current) {
      AwareSocket socket = channel.socket();
      if (!channel.inner().isActive()) { // the server's last word
        lost(socket, "io server disconnect"); // of the connection that it had before a move
        gone(socket);
      }
      socket.listeners().fire(Socket.EVENT_CONNECT_ERROR, error);
    }
  }

  void arrived(Channel channel, String event, Object[] args) {
    Connection connection = channel.connection();
    if (connection.dropped()) {
      return;
    }
    if (event.startsWith(Wire.PREFIX)) {
      protocol(connection, event, args);
    } else if (move != null && connection == move.next()) {
      move.holdBack(channel.socket(), event, args);
    } else {
      deliver(channel.socket(), event, args);
    }
  }

  void deliver(AwareSocket socket, String event, Object[] args) {
    if (!socket.listeners().deliver(event, args)) {
      lingering.values().forEach(Move::countDuplicate);
    }
  }

  void answered(Connection connection) {
    Move of = lingering.get(connection);
    if (of != null) {
      of.answered();
    }
  }

  private void protocol(Connection connection, String event, Object[] args) {
    if (args.length > 0 && args[args.length - 1] instanceof Ack ack) {
      ack.call();
    }
    switch (event) {
      case Wire.HELLO -> {
        Pod pod = Pod.of(args);
        if (!pod.known()) {
          return; // malformed
        }
        connection.greeted(pod);
        Approach approach = approachTo(connection);
        if (approach != null) {
          approach.greeted();
        }
      }
      case Wire.PLAN -> connection.planned(args);
      case Wire.RECONNECT -> {
        Hint hint = Hint.of(args);
        if (hint != null) {
          connection.hinted();
          act(hints.arrived(connection, hint, move != null, connection == current));
        }
      }
      default -> {} // of a later version
    }
  }

  private void act(Hints.@Nullable Due due) {
    if (due != null) {
      Move begun = new Move(this, timers, due.over(), due.hint(), due.deadline());
      move = begun;
      begun.begin();
    }
  }

  // ---------------------------------------------------------------- what a move does

  /** A connection that a hint asks for, with every namespace in use; it is not opened yet. */
  Connection next(Hint hint) {
    List<AwareSocket> active = sockets.active();
    Connection next = new Connection(this, target.hinted(hint), active.get(0));
    next.probe();
    active.forEach(next::channel);
    return next;
  }

  /** The next connection takes over, in one step. */
  void adopt(Connection next, Move of) {
    if (current != null) {
      lingering.put(current, of);
      current.retire();
    }
    next.adopt(target);
    current = next;
    for (AwareSocket socket : sockets.active()) {
      Channel channel = next.channel(socket);
      if (channel.joined()) {
        entered(channel);
        if (!of.isPrepared(channel)) {
          makeReady(channel);
        }
      } else if (!channel.inner().isActive()) {
        channel.open(); // the application hears when it joins, or is refused
      }
    }
  }

  /**
   * The move has ended where it began: what was asked for on the next connection is wanted here.
   */
  void stay() {
    Connection here = current;
    if (here != null) {
      sockets.active().stream()
          .map(here::channel)
          .filter(channel -> !channel.inner().isActive())
          .forEach(Channel::open);
    }
  }

  /** What was kept and held goes out on the current connection; how many were held. */
  int release() {
    sockets.active().forEach(outbox::sendKept);
    return outbox.release();
  }

  /** The application sees that a socket has lost its connection. */
  void lost(AwareSocket socket, String reason) {
    if (socket.connected()) {
      socket.setConnected(false, null);
      socket.listeners().fire(Socket.EVENT_DISCONNECT, reason);
    }
  }

  /** The old connection is gone. */
  void forget(Connection old) {
    lingering.remove(old);
  }

  /** A move is over; the hint that came meanwhile is acted on if it is still meant for us. */
  void over(Move finished) {
    if (move == finished) {
      move = null;
      Hints.Due due = hints.next(current);
      act(sockets.active().isEmpty() ? null : due);
    }
  }

  Outbox outbox() {
    return outbox;
  }

  Sockets sockets() {
    return sockets;
  }

  Duration overlap() {
    return overlap;
  }

  private @Nullable Channel currentChannel(AwareSocket socket) {
    return current == null ? null : current.known(socket);
  }

  private @Nullable Approach approachTo(Connection connection) {
    return move != null && connection == move.next() ? move.approach() : null;
  }
}
