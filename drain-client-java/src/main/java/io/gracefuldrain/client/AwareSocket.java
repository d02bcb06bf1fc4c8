package io.gracefuldrain.client;

import io.socket.client.Ack;
import io.socket.client.AckWithTimeout;
import io.socket.client.Socket;
import io.socket.emitter.Emitter;
import io.socket.thread.EventThread;
import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A socket of one namespace that outlives its connections: used as a stock {@link Socket} is.
 * Listeners are called on socket.io's event thread; every method can be called from any thread and
 * none blocks.
 *
 * <p>Beside the stock events there are, each with a {@link org.json.JSONObject}: {@code
 * drain:moving} when the server has asked it to move, {@code drain:moved} with the figures, {@code
 * drain:failed} when a move, or the application's {@link Ready}, failed.
 */
public final class AwareSocket {
  private static final Set<String> RESERVED =
      Set.of(
          Socket.EVENT_CONNECT,
          Socket.EVENT_DISCONNECT,
          Socket.EVENT_CONNECT_ERROR,
          "disconnecting",
          "newListener",
          "removeListener");

  private final Client client;
  private final String namespace;
  private final AwareOptions options;
  private final Listeners listeners;
  private volatile boolean active;
  private volatile boolean connected;
  private volatile @Nullable String id;

  AwareSocket(Client client, String namespace, AwareOptions options) {
    this.client = client;
    this.namespace = namespace;
    this.options = options;
    this.listeners = new Listeners(options.dedupe());
  }

  // ---------------------------------------------------------------- listeners

  /** Listens for an event, over all connections. */
  public AwareSocket on(String event, Emitter.Listener listener) {
    listeners.named().on(event, listener);
    return named(event);
  }

  /** Listens for an event once. */
  public AwareSocket once(String event, Emitter.Listener listener) {
    listeners.named().once(event, listener);
    return named(event);
  }

  private AwareSocket named(String event) {
    if (listeners.newName(event)) {
      EventThread.exec(() -> client.listen(this, event));
    }
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

  /** Whether somebody listens for an event. */
  public boolean hasListeners(String event) {
    return listeners.named().hasListeners(event);
  }

  /** Listens for all that the server sends; the first argument is the event's name. */
  public AwareSocket onAnyIncoming(Emitter.Listener listener) {
    listeners.incoming().add(listener);
    return this;
  }

  /** Removes a listener for all that the server sends. */
  public AwareSocket offAnyIncoming(Emitter.Listener listener) {
    listeners.incoming().remove(listener);
    return this;
  }

  /** Removes all listeners for all that the server sends. */
  public AwareSocket offAnyIncoming() {
    listeners.incoming().clear();
    return this;
  }

  /**
   * Listens for all that goes out, in the moment it does; the first argument is the event's name.
   */
  public AwareSocket onAnyOutgoing(Emitter.Listener listener) {
    listeners.outgoing().add(listener);
    return this;
  }

  /** Removes a listener for all that goes out. */
  public AwareSocket offAnyOutgoing(Emitter.Listener listener) {
    listeners.outgoing().remove(listener);
    return this;
  }

  /** Removes all listeners for all that goes out. */
  public AwareSocket offAnyOutgoing() {
    listeners.outgoing().clear();
    return this;
  }

  // ---------------------------------------------------------------- emitting

  /**
   * Emits an event; an {@link Ack} as the last argument is called with the answer, once. While the
   * connection moves, it is held and sent on the new one; while there is none, it is buffered as
   * the stock client does.
   *
   * @throws IllegalArgumentException if the event's name is reserved
   * @throws IllegalStateException if 10,000 are held because the connection moves
   */
  public AwareSocket emit(String event, Object... args) {
    int last = args.length - 1;
    return last >= 0 && args[last] instanceof Ack ack
        ? emit(event, Arrays.copyOf(args, last), ack)
        : emit(event, args, null);
  }

  /**
   * Emits an event. The time of an {@link AckWithTimeout} counts from now.
   *
   * @throws IllegalArgumentException if the event's name is reserved
   * @throws IllegalStateException if 10,000 are held because the connection moves
   */
  public AwareSocket emit(String event, Object[] args, @Nullable Ack ack) {
    if (RESERVED.contains(event) || event.startsWith(Wire.PREFIX)) {
      throw new IllegalArgumentException(
          "event: " + event + " (expected: none of " + RESERVED + ", nor drain:…)");
    }
    Reply reply = ack == null ? null : new Reply(ack, client.outbox()::forgetExpired);
    client.outbox().emit(new Emit(this, event, args, reply));
    if (reply != null) {
      reply.begin();
    }
    return this;
  }

  /** Emits a {@code message}. */
  public AwareSocket send(Object... args) {
    return emit("message", args);
  }

  // ---------------------------------------------------------------- connecting

  /** Connects this namespace, if it is not connected. */
  public AwareSocket connect() {
    EventThread.exec(() -> client.connect(this));
    return this;
  }

  /** The same as {@link #connect()}. */
  public AwareSocket open() {
    return connect();
  }

  /** Disconnects this namespace; with the last one the connection, and a move under way, end. */
  public AwareSocket disconnect() {
    EventThread.exec(() -> client.disconnect(this));
    return this;
  }

  /** The same as {@link #disconnect()}. */
  public AwareSocket close() {
    return disconnect();
  }

  /** Whether the server is there; a move changes nothing in it. */
  public boolean connected() {
    return connected;
  }

  /** The session's id, another one after each move; null: not connected. */
  public @Nullable String id() {
    return id;
  }

  /** Whether it is connected, or will be without being asked again. */
  public boolean isActive() {
    return active;
  }

  /** The socket of another namespace on the same connection, with the same options. */
  public AwareSocket socket(String otherNamespace) {
    return client.sockets().of(otherNamespace, options);
  }

  /**
   * The socket of another namespace on the same connection, which moves with it; the overlap is the
   * first one's.
   *
   * @throws IllegalArgumentException if there is one already, with other options
   */
  public AwareSocket socket(String otherNamespace, AwareOptions itsOptions) {
    return client.sockets().of(otherNamespace, itsOptions);
  }

  // ---------------------------------------------------------------- for the client, on its thread

  Listeners listeners() {
    return listeners;
  }

  void setActive(boolean value) {
    active = value;
  }

  void setConnected(boolean value, @Nullable String session) {
    connected = value;
    id = session;
  }

  String namespace() {
    return namespace;
  }

  AwareOptions options() {
    return options;
  }
}
