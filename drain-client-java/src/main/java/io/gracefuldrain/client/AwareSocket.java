package io.gracefuldrain.client;

import io.socket.client.Ack;
import io.socket.client.AckWithTimeout;
import io.socket.client.Socket;
import io.socket.emitter.Emitter;
import io.socket.thread.EventThread;
import java.util.Arrays;
import java.util.List;
import org.json.JSONObject;
import org.jspecify.annotations.Nullable;

/**
 * A socket of one namespace that outlives its connections. Use it like a stock {@link Socket}.
 * Listeners run on socket.io's event thread. Every method can be called from any thread, and none
 * blocks.
 *
 * <pre>{@code
 * socket.on("news", args -> show((JSONObject) args[0]));
 * socket.emit("join", new Object[] {"room 7"}, answer -> joined());
 * socket.on("drain:moved", args -> log.info("moved: {}", args[0]));
 * }</pre>
 *
 * <p>There are four events beside the stock ones, each with a {@link JSONObject}. {@code
 * drain:moving}: the server has asked the client to move. {@code drain:switched}: the next
 * connection is current, and {@link #id()} is a new one. {@code drain:moved}: the old connection is
 * closed; with the figures. {@code drain:failed}: a move, or the application's {@link Ready}, has
 * failed.
 */
public final class AwareSocket {
  /** The client, as a socket needs it. All but {@link #emit} and {@link #socket}: event thread. */
  interface Port {
    void connect(AwareSocket socket);

    void disconnect(AwareSocket socket);

    void emit(AwareSocket socket, String event, Object[] args, @Nullable Ack ack);

    AwareSocket socket(String namespace, AwareOptions options);

    AwareManager manager();

    MoveState moveState();
  }

  private final Port port;
  private final String namespace;
  private final AwareOptions options;
  private final Listeners listeners;
  private volatile boolean active;
  private volatile boolean connected;
  private volatile @Nullable String id;
  private @Nullable String lastId;

  AwareSocket(Port port, String namespace, AwareOptions options) {
    this.port = port;
    this.namespace = namespace;
    this.options = options;
    this.listeners = new Listeners(options.dedupe());
  }

  /** Adds a listener for an event, over all connections. */
  public AwareSocket on(String event, Emitter.Listener listener) {
    listeners.named().on(event, listener);
    return this;
  }

  /** Adds a listener for the next event of that name. */
  public AwareSocket once(String event, Emitter.Listener listener) {
    listeners.named().once(event, listener);
    return this;
  }

  /** Removes all listeners of all events. */
  public AwareSocket off() {
    listeners.named().off();
    return this;
  }

  /** Removes all listeners of an event. */
  public AwareSocket off(String event) {
    listeners.named().off(event);
    return this;
  }

  /** Removes a listener of an event. */
  public AwareSocket off(String event, Emitter.Listener listener) {
    listeners.named().off(event, listener);
    return this;
  }

  /** The listeners of an event. */
  public List<Emitter.Listener> listeners(String event) {
    return listeners.named().listeners(event);
  }

  /** Whether an event has listeners. */
  public boolean hasListeners(String event) {
    return listeners.named().hasListeners(event);
  }

  /** Adds a listener for all events from the server. The first argument is the event's name. */
  public AwareSocket onAnyIncoming(Emitter.Listener listener) {
    listeners.incoming().add(listener);
    return this;
  }

  /** Removes a listener for all events from the server. */
  public AwareSocket offAnyIncoming(Emitter.Listener listener) {
    listeners.incoming().remove(listener);
    return this;
  }

  /** Removes every listener for all events from the server. */
  public AwareSocket offAnyIncoming() {
    listeners.incoming().clear();
    return this;
  }

  /**
   * Adds a listener for all emits, called when they are sent. The first argument is the event's
   * name.
   */
  public AwareSocket onAnyOutgoing(Emitter.Listener listener) {
    listeners.outgoing().add(listener);
    return this;
  }

  /** Removes a listener for all emits. */
  public AwareSocket offAnyOutgoing(Emitter.Listener listener) {
    listeners.outgoing().remove(listener);
    return this;
  }

  /** Removes every listener for all emits. */
  public AwareSocket offAnyOutgoing() {
    listeners.outgoing().clear();
    return this;
  }

  /**
   * Emits an event. An {@link Ack} as the last argument is called once, with the answer. While the
   * connection moves, the emit is held, and then goes out on the new connection. While there is no
   * connection, it is buffered as in the stock client.
   *
   * @throws IllegalArgumentException if the event's name is reserved
   * @throws IllegalStateException if 10,000 emits are held already
   */
  public AwareSocket emit(String event, Object... args) {
    int last = args.length - 1;
    return last >= 0 && args[last] instanceof Ack
        ? emit(event, Arrays.copyOf(args, last), (Ack) args[last])
        : emit(event, args, null);
  }

  /**
   * Emits an event. The time of an {@link AckWithTimeout} starts now.
   *
   * @throws IllegalArgumentException if the event's name is reserved
   * @throws IllegalStateException if 10,000 emits are held already
   */
  public AwareSocket emit(String event, Object[] args, @Nullable Ack ack) {
    Wire.checkEmit(event);
    port.emit(this, event, args, ack);
    return this;
  }

  /** Emits a {@code message}. */
  public AwareSocket send(Object... args) {
    return emit("message", args);
  }

  /** Connects this namespace, unless it is connected. */
  public AwareSocket connect() {
    EventThread.exec(() -> port.connect(this));
    return this;
  }

  /** The same as {@link #connect()}. */
  public AwareSocket open() {
    return connect();
  }

  /**
   * Disconnects this namespace. When it is the last one, the connection ends, and so does a move.
   */
  public AwareSocket disconnect() {
    EventThread.exec(() -> port.disconnect(this));
    return this;
  }

  /** The same as {@link #disconnect()}. */
  public AwareSocket close() {
    return disconnect();
  }

  /** Whether the socket has a connection. It stays true in a move. */
  public boolean connected() {
    return connected;
  }

  /** The session's id, which each move changes; null without a connection. */
  public @Nullable String id() {
    return id;
  }

  /** Whether the socket is connected, or tries to be. */
  public boolean isActive() {
    return active;
  }

  /** Where the client is in a move. From any thread, at any time. */
  public MoveState moveState() {
    return port.moveState();
  }

  /** The events of the manager, over all connections, for all sockets of this address. */
  public AwareManager io() {
    return port.manager();
  }

  /** The socket of another namespace on the same connection, with the same options. */
  public AwareSocket socket(String otherNamespace) {
    return port.socket(otherNamespace, options);
  }

  /**
   * The socket of another namespace on the same connection. They move together. The overlap, the
   * origins and the log are those of the first socket.
   *
   * @throws IllegalArgumentException if that socket exists with options that are not equal
   */
  public AwareSocket socket(String otherNamespace, AwareOptions itsOptions) {
    return port.socket(otherNamespace, itsOptions);
  }

  /** The id of its last session, also if that has ended. */
  @Nullable String lastId() {
    return lastId;
  }

  Listeners listeners() {
    return listeners;
  }

  void setActive(boolean value) {
    active = value;
  }

  /** It has a connection. Returns whether it had none. */
  boolean enter(@Nullable String session) {
    boolean away = !connected;
    connected = true;
    id = session;
    lastId = session;
    return away;
  }

  /** Tells the application of a move, while the socket is in use. */
  void tell(String event, JSONObject figures) {
    if (active) {
      listeners.fire(event, figures);
    }
  }

  /** It has lost its connection. The application is told if it had one. */
  void lost(String reason) {
    if (connected) {
      connected = false;
      id = null;
      listeners.fire(Socket.EVENT_DISCONNECT, reason);
    }
  }

  String namespace() {
    return namespace;
  }

  AwareOptions options() {
    return options;
  }
}
