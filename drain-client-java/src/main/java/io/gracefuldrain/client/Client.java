package io.gracefuldrain.client;

import io.socket.client.Ack;
import io.socket.client.Socket;
import io.socket.thread.EventThread;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import org.json.JSONObject;
import org.jspecify.annotations.Nullable;

/**
 * All sockets of one address: which connection they use, and the move from one to the next. Its
 * state is the event thread's alone; what other threads touch is the gate and the sockets' map.
 */
final class Client {
  static final String MOVING = "drain:moving";
  static final String MOVED = "drain:moved";
  static final String FAILED = "drain:failed";

  private final Target target;
  private final Duration overlap;
  private final Timers timers;
  private final Gate<Emit> gate;
  private final ConcurrentMap<String, AwareSocket> sockets = new ConcurrentHashMap<>();
  private final Queue<Emit> unsent = new ArrayDeque<>();
  // Old connections that are still listened to, with the move away from each.
  private final Map<Connection, Move> lingering = new HashMap<>();
  private @Nullable Connection current;
  private @Nullable Move move;
  private @Nullable String lastTicket;
  private @Nullable Later later;

  /** A hint that waits for the end of a move. */
  private record Later(Connection over, Hint hint, long deadline) {}

  Client(Target target, Duration overlap, Timers timers) {
    this.target = target;
    this.overlap = overlap;
    this.timers = timers;
    this.gate = new Gate<>(EventThread::nextTick, EventThread::isCurrent, this::send);
  }

  AwareSocket socket(String namespace, AwareOptions options) {
    if (!namespace.startsWith("/")) {
      throw new IllegalArgumentException("namespace: " + namespace + " (expected: /…)");
    }
    AwareSocket socket =
        sockets.computeIfAbsent(namespace, name -> new AwareSocket(this, name, options));
    if (socket.options() != options) {
      throw new IllegalArgumentException(
          "options of " + namespace + ": others (expected: those it was made with)");
    }
    return socket;
  }

  // ---------------------------------------------------------------- what the application does

  void emit(Emit emit) {
    gate.pass(emit);
  }

  /** Sends on the current connection, or keeps it for the next. */
  private void send(Emit emit) {
    Channel channel = current == null ? null : current.known(emit.socket());
    if (channel != null && channel.joined()) {
      channel.emit(emit);
    } else {
      unsent.add(emit);
    }
  }

  private void sendUnsent(AwareSocket socket) {
    List<Emit> mine = new ArrayList<>();
    unsent.removeIf(emit -> emit.socket() == socket && mine.add(emit));
    mine.forEach(this::send);
  }

  void connect(AwareSocket socket) {
    socket.setActive(true);
    if (current == null) {
      current = new Connection(this, target, socket);
    }
    current.channel(socket).open();
    if (move != null) {
      move.join(socket);
    }
  }

  void disconnect(AwareSocket socket) {
    socket.setActive(false);
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
    if (sockets.values().stream().noneMatch(AwareSocket::isActive)) {
      if (ongoing != null) {
        ongoing.cancel();
      }
      lingering.values().forEach(Move::forget);
      lingering.clear();
      later = null;
    }
  }

  void listen(AwareSocket socket, String event) {
    List<Connection> all = new ArrayList<>(lingering.keySet());
    if (current != null) {
      all.add(current);
    }
    Connection next = move == null ? null : move.next();
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
    if (ongoing != null && connection == ongoing.next()) {
      ongoing.joined();
    } else if (connection == current) {
      if (ongoing != null && ongoing.wasCut()) {
        ongoing.fail("the old connection came back first");
      }
      AwareSocket socket = channel.socket();
      socket.setConnected(true, channel.id());
      sendUnsent(socket);
      socket.fire(Socket.EVENT_CONNECT);
      ready(channel, false)
          .whenComplete(
              (done, failure) -> {
                if (failure != null) {
                  EventThread.exec(() -> socket.fire(FAILED, failed("ready", failure)));
                }
              });
    }
  }

  void left(Channel channel, String reason) {
    Connection connection = channel.connection();
    Move ongoing = move;
    Move of = lingering.get(connection);
    if (connection.dropped()) {
      return;
    }
    if (connection == current) {
      boolean forGood = reason.startsWith("io ");
      boolean hidden = !forGood && ongoing != null && ongoing.hides(reason);
      if (!hidden) {
        lost(channel.socket(), reason);
      }
      if (forGood && channel.socket().isActive()) {
        channel.socket().setActive(false);
        leave(channel.socket());
      }
      if (!forGood && move != null) {
        move.cut();
      }
    } else if (ongoing != null && connection == ongoing.next()) {
      ongoing.lostNext(reason);
    } else if (of != null && connection.standing() == null) {
      of.finish();
    }
  }

  void refused(Channel channel, Object error) {
    if (channel.connection().dropped()) {
      return;
    }
    if (move != null && channel.connection() == move.next()) {
      move.lostNext(
          error instanceof Exception e ? String.valueOf(e.getMessage()) : error.toString());
    } else if (channel.connection() == current) {
      channel.socket().setActive(channel.inner().isActive());
      channel.socket().fire(Socket.EVENT_CONNECT_ERROR, error);
    }
  }

  void arrived(Channel channel, String event, Object[] args) {
    Connection connection = channel.connection();
    if (connection.dropped()) {
      return;
    }
    if (event.startsWith(Wire.PREFIX)) {
      protocol(channel, event, args);
    } else if (move != null && connection == move.next()) {
      move.holdBack(channel.socket(), event, args);
    } else {
      deliver(channel.socket(), event, args);
    }
  }

  void deliver(AwareSocket socket, String event, Object[] args) {
    if (!socket.deliver(event, args)) {
      lingering.values().forEach(Move::countDuplicate);
    }
  }

  void answered(Connection connection) {
    Move of = lingering.get(connection);
    if (of != null) {
      of.answered();
    }
  }

  // ---------------------------------------------------------------- the protocol

  private void protocol(Channel channel, String event, Object[] args) {
    Connection connection = channel.connection();
    if (args.length > 0 && args[args.length - 1] instanceof Ack ack) {
      ack.call();
    }
    switch (event) {
      case Wire.HELLO -> {
        connection.greeted(Pod.of(args));
        if (move != null && connection == move.next()) {
          move.greeted();
        }
      }
      case Wire.PLAN -> {
        if (args.length > 0
            && args[0] instanceof JSONObject plan
            && plan.opt("windowMs") instanceof Number window) {
          connection.planned(Math.max(0, window.longValue()));
        }
      }
      case Wire.RECONNECT -> {
        Hint hint = Hint.of(args);
        if (hint != null) {
          connection.hinted();
          hinted(connection, hint);
        }
      }
      default -> {} // of a later version
    }
  }

  private void hinted(Connection connection, Hint hint) {
    if (hint.ticket().equals(lastTicket)) {
      return; // a copy of the one that is acted on, or was
    }
    long deadline = timers.nanoTime() + TimeUnit.MILLISECONDS.toNanos(hint.graceMs());
    if (move != null) {
      if (later == null || !later.hint().ticket().equals(hint.ticket())) {
        later = new Later(connection, hint, deadline);
      }
    } else if (connection == current) {
      move(hint, deadline);
    }
  }

  private void move(Hint hint, long deadline) {
    lastTicket = hint.ticket();
    Move begun = new Move(this, timers, Objects.requireNonNull(current), hint, deadline);
    move = begun;
    begun.begin();
  }

  /** A connection that a hint asks for; it is not opened yet. */
  Connection next(Hint hint) {
    List<AwareSocket> active = active();
    Connection next = new Connection(this, target.hinted(hint), active.get(0));
    next.probe();
    active.forEach(next::channel);
    return next;
  }

  List<AwareSocket> active() {
    return sockets.values().stream().filter(AwareSocket::isActive).toList();
  }

  CompletionStage<?> ready(Channel channel, boolean moving) {
    Ready ready = channel.socket().options().ready();
    try {
      CompletionStage<?> stage = ready == null ? null : ready.ready(channel.inner(), moving);
      return stage == null ? CompletableFuture.completedFuture(null) : stage;
    } catch (Exception e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  // ---------------------------------------------------------------- what a move does

  /** The next connection takes over, in one step. */
  void adopt(Connection next, Move of) {
    Connection old = Objects.requireNonNull(current);
    lingering.put(old, of);
    old.retire();
    next.adopt(target);
    current = next;
    for (Channel channel : List.copyOf(next.channels())) {
      AwareSocket socket = channel.socket();
      boolean away = !socket.connected();
      socket.setConnected(true, channel.id());
      if (away) {
        socket.fire(Socket.EVENT_CONNECT);
      }
    }
  }

  /** What is held goes out on the connection that is current. */
  void release() {
    active().forEach(this::sendUnsent);
    gate.open();
  }

  Gate<Emit> gate() {
    return gate;
  }

  /** The application sees that a socket has lost its connection. */
  void lost(AwareSocket socket, String reason) {
    if (socket.connected()) {
      socket.setConnected(false, null);
      socket.fire(Socket.EVENT_DISCONNECT, reason);
    }
  }

  void tell(String event, JSONObject figures) {
    sockets.values().forEach(socket -> socket.fire(event, figures));
  }

  static JSONObject failed(String reason, Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    String message = cause.getMessage() == null ? cause.toString() : cause.getMessage();
    return new JSONObject().put("reason", reason).put("message", message);
  }

  /** The old connection is gone. */
  void forget(Connection old) {
    lingering.remove(old);
  }

  Duration overlap() {
    return overlap;
  }

  /** A move is over; the hint that came meanwhile is acted on if it is still meant for us. */
  void over(Move finished) {
    if (move != finished) {
      return;
    }
    move = null;
    Later waiting = later;
    later = null;
    if (waiting != null && waiting.over() == current && !active().isEmpty()) {
      move(waiting.hint(), waiting.deadline());
    }
  }
}
