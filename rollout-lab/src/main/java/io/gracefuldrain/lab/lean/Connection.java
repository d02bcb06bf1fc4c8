package io.gracefuldrain.lab.lean;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One Socket.IO connection of a lean client: its handshake, pings, events and acknowledgements.
 * Everything happens on its event loop, and after its end it reports nothing more.
 */
final class Connection implements Transport.Listener {
  /** How long the stock client gives an attempt. */
  static final long CONNECT_MS = 20_000;

  /** The end of a connection whose namespace the server has refused. */
  static final String REFUSED = "connect error";

  /** The client that owns the connection. */
  interface Listener {
    /**
     * It is a Socket.IO connection now.
     *
     * @param recovered whether it goes on with the session of an earlier one
     */
    void connected(Connection connection, boolean recovered);

    /**
     * An event has come.
     *
     * @param args its arguments
     * @param acknowledgement the id for its acknowledgement, or null if the server wants none
     */
    void event(
        Connection connection, String name, JsonNode args, @Nullable Integer acknowledgement);

    /** An acknowledgement has come, and nothing was sent for it. */
    void acknowledgedUnasked();

    /** It has ended, and not because the client asked for it. */
    void ended(Connection connection, End end);
  }

  /**
   * How a connection ended.
   *
   * @param opened whether the server had answered, on any level
   * @param connected whether it had been a Socket.IO connection
   * @param forGood whether the server ended it in a way that keeps a stock client away
   */
  record End(String reason, boolean opened, boolean connected, boolean forGood) {
    /** Whether the server has answered that it does not want the client. */
    boolean refused() {
      return reason.equals(REFUSED);
    }
  }

  private enum State {
    OPENING,
    /** Engine.IO is open, Socket.IO not yet. */
    OPEN,
    CONNECTED,
    OVER
  }

  private final EventLoop loop;
  private final Transport transport;
  private final boolean polling;
  private final Listener listener;
  private final @Nullable Recovery recovery;

  private State state = State.OPENING;
  private @Nullable Future<?> timer;
  private long pingMs;
  private @Nullable String sid;
  private long askedAt;
  private boolean asksForSession;
  private double answeredAfterMs;
  private int emits;
  private @Nullable Message incomplete;
  // Events that came before the connection was there: the stock client shows them after that.
  private final List<Message> early = new ArrayList<>();
  // The receivers of the acknowledgements that are still to come, by the id of the packet.
  private final Map<Integer, Consumer<JsonNode>> owed = new HashMap<>();

  /**
   * @param transports makes the transport, given its listener
   * @param recovery what the client knows of its session, or null if it never has it recovered
   */
  Connection(
      EventLoop loop,
      Function<Transport.Listener, Transport> transports,
      boolean polling,
      Listener listener,
      @Nullable Recovery recovery) {
    this.loop = loop;
    this.transport = transports.apply(this);
    this.polling = polling;
    this.listener = listener;
    this.recovery = recovery;
  }

  void open() {
    transport.open();
    if (state == State.OPENING) { // it may have failed at once
      after(CONNECT_MS, "timeout");
    }
  }

  boolean connected() {
    return state == State.CONNECTED;
  }

  @Nullable String sid() {
    return sid;
  }

  /** Whether its CONNECT has asked for the session of an earlier one. */
  boolean asksForSession() {
    return asksForSession;
  }

  /** How long it waited for the answer to its CONNECT, in milliseconds. */
  double answeredAfterMs() {
    return answeredAfterMs;
  }

  /** How many acknowledgements are still to come. */
  int owed() {
    return owed.size();
  }

  void emit(String event, String payload, Consumer<JsonNode> answer) {
    int id = emits++;
    owed.put(id, answer);
    send("42" + id + "[\"" + event + "\"," + payload + "]");
  }

  /** Sends an event that wants no acknowledgement. */
  void post(String event, String payload) {
    send("42[\"" + event + "\"," + payload + "]");
  }

  /** The same, with an attachment as its last argument. */
  void post(String event, String payload, byte[] attachment) {
    if (state != State.OVER) {
      transport.send("451-[\"" + event + "\"," + payload + ",{\"_placeholder\":true,\"num\":0}]");
      transport.send(attachment);
    }
  }

  /** Acknowledges an event, without a payload. */
  void acknowledge(int id) {
    send("43" + id + "[]");
  }

  /** Leaves, with a goodbye if it is connected. */
  void leave() {
    if (state == State.CONNECTED) {
      send("41");
    }
    close();
  }

  private void close() {
    state = State.OVER;
    cancelTimer();
    owed.clear();
    early.clear();
    transport.close();
  }

  private void lost(String reason) {
    end(reason, false);
  }

  private void end(String reason, boolean forGood) {
    if (state == State.OVER) {
      return;
    }
    End end = new End(reason, state != State.OPENING, state == State.CONNECTED, forGood);
    close();
    listener.ended(this, end);
  }

  /** It waits for one thing at a time: the open packet, or a ping. */
  private void after(long ms, String lostBy) {
    cancelTimer();
    timer = loop.schedule(() -> lost(lostBy), ms, TimeUnit.MILLISECONDS);
  }

  private void cancelTimer() {
    if (timer != null) {
      timer.cancel(false);
      timer = null;
    }
  }

  private void send(String packet) {
    if (state != State.OVER) {
      transport.send(packet);
    }
  }

  // ---------------------------------------------------------------- packets

  @Override
  public void ended(Transport from, String reason) {
    lost(reason);
  }

  @Override
  public void received(Transport from, String packet) {
    if (state == State.OVER || packet.isEmpty()) {
      return;
    }
    switch (packet.charAt(0)) {
      case '0' -> opened(packet.substring(1));
      case '1' -> {
        // Over a WebSocket the stock client ignores it.
        if (polling) {
          lost("transport close");
        }
      }
      case '2' -> {
        send("3");
        after(pingMs, "ping timeout");
      }
      case '4' -> message(packet);
      default -> {} // pong, upgrade, noop: nothing to do
    }
  }

  private void opened(String handshake) {
    JsonNode json = Json.read(handshake);
    if (state != State.OPENING || json == null) {
      lost("parse error");
      return;
    }
    sid = json.path("sid").asText();
    pingMs = json.path("pingInterval").asLong(25_000) + json.path("pingTimeout").asLong(20_000);
    state = State.OPEN;
    after(pingMs, "ping timeout");
    asksForSession = recovery != null && recovery.asks();
    askedAt = System.nanoTime();
    send(recovery == null ? "40" : recovery.connect());
  }

  private void message(String packet) {
    switch (packet.length() < 2 ? ' ' : packet.charAt(1)) {
      case '0' -> {
        if (state == State.OPEN) {
          admitted(packet.substring(2));
        }
      }
      case '1' -> end("io server disconnect", true);
      case '2', '3', '5', '6' -> payload(packet);
      case '4' -> end(REFUSED, true);
      default -> lost("parse error");
    }
  }

  private void admitted(String answer) {
    JsonNode json = answer.isEmpty() ? null : Json.read(answer);
    boolean recovered =
        recovery != null && recovery.answered(json == null ? MissingNode.getInstance() : json);
    state = State.CONNECTED;
    answeredAfterMs = (System.nanoTime() - askedAt) / 1e6;
    listener.connected(this, recovered);
    List<Message> all = List.copyOf(early);
    early.clear();
    all.forEach(this::arrived);
  }

  private void payload(String packet) {
    Message message = Message.read(packet);
    if (message == null || incomplete != null) {
      lost("parse error");
    } else if (message.complete()) {
      arrived(message);
    } else {
      incomplete = message;
    }
  }

  @Override
  public void received(Transport from, byte[] attachment) {
    if (state == State.OVER) {
      return;
    }
    Message message = incomplete;
    if (message == null) {
      lost("parse error");
      return;
    }
    message.add(attachment);
    if (message.complete()) {
      incomplete = null;
      arrived(message);
    }
  }

  private void arrived(Message message) {
    if (state == State.OVER) {
      return;
    }
    Integer id = message.id();
    if (message.event()) {
      if (recovery != null && state != State.CONNECTED) {
        early.add(message);
        return;
      }
      listener.event(this, message.args().path(0).asText(), message.args(), id);
      if (recovery != null && id == null) {
        recovery.heard(message.args());
      }
    } else if (id == null) {
      lost("parse error");
    } else {
      acknowledged(id, message.args().path(0));
    }
  }

  private void acknowledged(int id, JsonNode answer) {
    Consumer<JsonNode> asked = owed.remove(id);
    if (asked == null) {
      listener.acknowledgedUnasked();
    } else {
      asked.accept(answer);
    }
  }
}
