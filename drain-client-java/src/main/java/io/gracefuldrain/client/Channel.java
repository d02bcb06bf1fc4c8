package io.gracefuldrain.client;

import io.socket.client.Ack;
import io.socket.client.Socket;
import io.socket.emitter.Emitter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One namespace of one connection: a socket of the stock client. On the event thread. */
final class Channel implements NextSocket.Way {
  private static final List<String> OF_THE_CLIENT =
      Arrays.asList(Socket.EVENT_CONNECT, Socket.EVENT_DISCONNECT, Socket.EVENT_CONNECT_ERROR);

  /** What a channel reports, and what it needs of its connection. */
  interface Events {
    void joined(Channel channel);

    void left(Channel channel, String reason);

    void refused(Channel channel, Object error);

    /** The server has sent an event. */
    void arrived(Channel channel, String event, Object[] args);

    /** An answer that was owed has come, or its time has passed. */
    void answered();

    /** It is about to join. */
    void opening();

    /** Which ids the stock client gives to emits. */
    SentIds sentIds();

    /** No answer to an emit is wanted any more. */
    void forget(Channel channel, int id);
  }

  private final Events events;
  private final AwareSocket socket;
  private final Socket inner;
  private final @Nullable Map<String, String> auth;
  private final Set<Reply> pending = new LinkedHashSet<>();
  // Events that came before the server's CONNECT, by their names.
  private final Map<String, Emitter.Listener> early = new HashMap<>();
  private boolean joined;
  private boolean refused;
  private @Nullable NextSocket given;

  Channel(Events events, AwareSocket socket, Socket inner, @Nullable Map<String, String> auth) {
    this.events = events;
    this.socket = socket;
    this.inner = inner;
    this.auth = auth;
    inner.on(Socket.EVENT_CONNECT, args -> entered());
    inner.on(
        Socket.EVENT_DISCONNECT,
        args -> {
          joined = false;
          endGiven();
          String reason = args.length > 0 ? String.valueOf(args[0]) : "";
          refused = Reason.isByServer(reason);
          events.left(this, reason);
          loseReplies();
        });
    inner.on(
        Socket.EVENT_CONNECT_ERROR,
        args -> {
          refused = !inner.isActive(); // else the connection has failed, not the namespace
          events.refused(this, args.length > 0 && args[0] != null ? args[0] : "");
        });
    inner.onAnyIncoming(args -> arrived(args, String.valueOf(args[0])));
    inner.onAnyOutgoing(socket.listeners()::sent);
  }

  private void entered() {
    joined = true;
    early.forEach(inner::off);
    early.clear();
    events.joined(this);
  }

  /**
   * An event is on its way to the stock socket. If it comes before the server's CONNECT, the stock
   * client keeps it, and does not tell its any-listeners of it. It gives the event's name as the
   * first argument then.
   */
  void comes(String event) {
    if (!joined && !OF_THE_CLIENT.contains(event) && !early.containsKey(event)) {
      Emitter.Listener listener = args -> arrived(args, event);
      early.put(event, listener);
      inner.on(event, listener);
    }
  }

  private void arrived(Object[] nameAndArgs, String event) {
    Object[] args =
        Arrays.copyOfRange(nameAndArgs, Math.min(1, nameAndArgs.length), nameAndArgs.length);
    NextSocket now = given;
    if (now != null && !event.startsWith(Wire.PREFIX)) {
      now.arrived(event, args);
    }
    events.arrived(this, event, args);
  }

  void open() {
    refused = false;
    events.opening();
    inner.connect();
  }

  void close() {
    inner.disconnect();
  }

  /** What the application is given to make this channel ready. It takes the place of the last. */
  NextSocket beginReady() {
    endReady();
    NextSocket begun = new NextSocket(this, auth);
    given = begun;
    return begun;
  }

  /** What was given is of no more use; emits on it go the way of all others. */
  void endReady() {
    if (given != null) {
      given.done();
      given = null;
    }
  }

  private void endGiven() {
    if (given != null) {
      given.lost();
      given = null;
    }
  }

  @Override
  public void emit(Emit emit) {
    Reply reply = emit.reply();
    if (reply == null) {
      inner.emit(emit.event(), emit.args(), null);
      return;
    }
    if (reply.over()) {
      return; // it timed out before it could be sent
    }
    int[] id = {SentIds.NONE};
    reply.sent(() -> answered(reply, id[0]));
    pending.add(reply);
    events.sentIds().begin();
    boolean sent = false;
    try {
      inner.emit(emit.event(), emit.args(), reply);
      sent = true;
    } finally {
      if (!sent) {
        pending.remove(reply); // it cannot be encoded, so nobody will answer
      }
    }
    id[0] = events.sentIds().last();
  }

  /** Sends an event of the protocol. */
  void say(String event, Object message, Ack answer) {
    inner.emit(event, new Object[] {message}, answer);
  }

  private void answered(Reply reply, int id) {
    if (pending.remove(reply)) {
      if (reply.expired() && id != SentIds.NONE) {
        events.forget(this, id); // the stock client would keep it until the connection ends
      }
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

  @Override
  public boolean joined() {
    return joined;
  }

  /** Whether the server has refused it, or ended it. It is not tried again by itself. */
  boolean refused() {
    return refused;
  }

  @Override
  public AwareSocket socket() {
    return socket;
  }

  Socket inner() {
    return inner;
  }

  @Override
  public @Nullable String id() {
    return inner.id();
  }
}
