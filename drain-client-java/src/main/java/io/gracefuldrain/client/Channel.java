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

/** One namespace of one connection: a socket of the stock client. On the event thread. */
final class Channel {
  private static final Set<String> OF_THE_CLIENT =
      Set.of(Socket.EVENT_CONNECT, Socket.EVENT_DISCONNECT, Socket.EVENT_CONNECT_ERROR);

  /** What a channel reports. */
  interface Events {
    void joined(Channel channel);

    void left(Channel channel, String reason);

    void refused(Channel channel, Object error);

    /** The server has sent an event. */
    void arrived(Channel channel, String event, Object[] args);

    /** An answer that was owed has come, or its time has passed. */
    void answered();
  }

  private final Events events;
  private final AwareSocket socket;
  private final Socket inner;
  private final Set<Reply> pending = new LinkedHashSet<>();
  private final Set<String> listening = new HashSet<>();
  private boolean joined;

  Channel(Events events, AwareSocket socket, Socket inner) {
    this.events = events;
    this.socket = socket;
    this.inner = inner;
    inner.on(
        Socket.EVENT_CONNECT,
        args -> {
          joined = true;
          events.joined(this);
        });
    inner.on(
        Socket.EVENT_DISCONNECT,
        args -> {
          joined = false;
          events.left(this, args.length > 0 ? String.valueOf(args[0]) : "");
          loseReplies();
        });
    inner.on(
        Socket.EVENT_CONNECT_ERROR, args -> events.refused(this, args.length > 0 ? args[0] : ""));
    inner.onAnyIncoming(args -> arrived(args, String.valueOf(args[0])));
    inner.onAnyOutgoing(socket.listeners()::sent);
    Wire.OF_SERVERS.forEach(this::listen);
    socket.listeners().names().forEach(this::listen);
  }

  /**
   * Listens for an event that may come before the server's CONNECT. The stock client does not tell
   * its any-listeners of such an event, and it gives the event's name as the first argument.
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
    events.arrived(this, event, args);
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
      reply.sent(() -> answered(reply));
      pending.add(reply);
    }
    inner.emit(emit.event(), emit.args(), reply);
  }

  /** Sends an event of the protocol. */
  void say(String event, Object message, Ack answer) {
    inner.emit(event, new Object[] {message}, answer);
  }

  private void answered(Reply reply) {
    if (pending.remove(reply)) {
      events.answered();
    }
  }

  private void loseReplies() {
    List<Reply> lost = new ArrayList<>(pending);
    pending.clear();
    lost.forEach(Reply::lost);
  }

  /** Whether the server still owes answers. */
  boolean owed() {
    return !pending.isEmpty();
  }

  boolean joined() {
    return joined;
  }

  AwareSocket socket() {
    return socket;
  }

  Socket inner() {
    return inner;
  }

  @Nullable String id() {
    return inner.id();
  }
}
