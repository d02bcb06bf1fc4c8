package io.gracefuldrain.client;

import io.socket.client.Ack;
import io.socket.client.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One namespace of one connection: the stock client's socket. On the event thread. */
final class Channel {
  private static final Set<String> OF_THE_CLIENT =
      Set.of(Socket.EVENT_CONNECT, Socket.EVENT_DISCONNECT, Socket.EVENT_CONNECT_ERROR);

  private final Connection connection;
  private final AwareSocket socket;
  private final Socket inner;
  private final Set<Reply> pending = new LinkedHashSet<>();
  private final Set<String> listening = new HashSet<>();
  private boolean joined;

  Channel(Connection connection, AwareSocket socket, Socket inner) {
    this.connection = connection;
    this.socket = socket;
    this.inner = inner;
    Client client = connection.client();
    inner.on(
        Socket.EVENT_CONNECT,
        args -> {
          joined = true;
          client.joined(this);
        });
    inner.on(
        Socket.EVENT_DISCONNECT,
        args -> {
          joined = false;
          client.left(this, args.length > 0 ? String.valueOf(args[0]) : "");
          loseReplies();
        });
    inner.on(
        Socket.EVENT_CONNECT_ERROR, args -> client.refused(this, args.length > 0 ? args[0] : ""));
    inner.onAnyIncoming(args -> arrived(args, String.valueOf(args[0])));
    inner.onAnyOutgoing(socket.listeners()::sent);
    Wire.EVENTS.forEach(this::listen);
    socket.listeners().names().forEach(this::listen);
  }

  /**
   * Listens for what comes before the server's CONNECT: the client then passes by its any-listeners
   * and gives the event's name as the first argument.
   */
  void listen(String event) {
    if (!OF_THE_CLIENT.contains(event) && listening.add(event)) {
      inner.on(
          event,
          args -> {
            if (!joined) {
              arrived(args, event);
            }
          });
    }
  }

  private void arrived(Object[] nameAndArgs, String event) {
    Object[] args =
        Arrays.copyOfRange(nameAndArgs, Math.min(1, nameAndArgs.length), nameAndArgs.length);
    connection.client().arrived(this, event, args);
  }

  void open() {
    inner.connect();
  }

  void close() {
    inner.disconnect();
  }

  void emit(Emit emit) {
    Reply reply = emit.reply();
    if (reply != null) {
      if (reply.over()) {
        return; // it timed out before it could be sent
      }
      reply.sentOn(this);
      pending.add(reply);
    }
    inner.emit(emit.event(), emit.args(), reply);
  }

  /** Says something of the protocol's. */
  void say(String event, Object message, Ack answer) {
    inner.emit(event, new Object[] {message}, answer);
  }

  void answered(Reply reply) {
    if (pending.remove(reply)) {
      connection.client().answered(connection);
    }
  }

  private void loseReplies() {
    List<Reply> lost = new ArrayList<>(pending);
    pending.clear();
    lost.forEach(Reply::lost);
  }

  /** Whether answers are still to come. */
  boolean owed() {
    return !pending.isEmpty();
  }

  boolean joined() {
    return joined;
  }

  AwareSocket socket() {
    return socket;
  }

  Connection connection() {
    return connection;
  }

  Socket inner() {
    return inner;
  }

  @Nullable String id() {
    return inner.id();
  }
}
