package io.gracefuldrain.client;

import io.socket.client.Ack;
import io.socket.client.AckWithTimeout;
import io.socket.client.Socket;
import io.socket.emitter.Emitter;
import io.socket.thread.EventThread;
import java.util.Arrays;
import java.util.Collection;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
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
  private final Emitter listeners = new Emitter();
  private final Queue<Emitter.Listener> incoming = new ConcurrentLinkedQueue<>();
  private final Queue<Emitter.Listener> outgoing = new ConcurrentLinkedQueue<>();
  private final Set<String> names = ConcurrentHashMap.newKeySet();
  private final RecentIds recent = new RecentIds();
  private volatile boolean active;
  private volatile boolean connected;
  private volatile @Nullable String id;

  AwareSocket(Client client, String namespace, AwareOptions options) {
    this.client = client;
    this.namespace = namespace;
    this.options = options;
  }

  // ---------------------------------------------------------------- listeners

  /** Listens for an event, over all connections. */
  public AwareSocket on(String event, Emitter.Listener listener) {
    listeners.on(event, listener);
    return named(event);
  }

  /** Listens for an event once. */
  public AwareSocket once(String event, Emitter.Listener listener) {
    listeners.once(event, listener);
    return named(event);
  }

  private AwareSocket named(String event) {
    if (names.add(event)) {
      EventThread.exec(() -> client.listen(this, event));
    }
    return this;
  }

  /** Removes all listeners of all events. */
  public AwareSocket off() {
    listeners.off();
    return this;
  }

  /** Removes all listeners of an event. */
  public AwareSocket off(String event) {
    listeners.off(event);
    return this;
  }

  /** Removes a listener of an event. */
  public AwareSocket off(String event, Emitter.Listener listener) {
    listeners.off(event, listener);
    return this;
  }

  /** Whether somebody listens for an event. */
  public boolean hasListeners(String event) {
    return listeners.hasListeners(event);
  }

  /** Listens for all that the server sends; the first argument is the event's name. */
  public AwareSocket onAnyIncoming(Emitter.Listener listener) {
    incoming.add(listener);
    return this;
  }

  /** Removes a listener for all that the server sends. */
  public AwareSocket offAnyIncoming(Emitter.Listener listener) {
    incoming.remove(listener);
    return this;
  }

  /** Removes all listeners for all that the server sends. */
  public AwareSocket offAnyIncoming() {
    incoming.clear();
    return this;
  }

  /**
   * Listens for all that goes out, in the moment it does; the first argument is the event's name.
   */
  public AwareSocket onAnyOutgoing(Emitter.Listener listener) {
    outgoing.add(listener);
    return this;
  }

  /** Removes a listener for all that goes out. */
  public AwareSocket offAnyOutgoing(Emitter.Listener listener) {
    outgoing.remove(listener);
    return this;
  }

  /** Removes all listeners for all that goes out. */
  public AwareSocket offAnyOutgoing() {
    outgoing.clear();
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
    Reply reply = ack == null ? null : new Reply(ack);
    client.emit(new Emit(this, event, args, reply));
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
    return client.socket(otherNamespace, options);
  }

  /**
   * The socket of another namespace on the same connection, which moves with it; the overlap is the
   * first one's.
   *
   * @throws IllegalArgumentException if there is one already, with other options
   */
  public AwareSocket socket(String otherNamespace, AwareOptions itsOptions) {
    return client.socket(otherNamespace, itsOptions);
  }

  // ---------------------------------------------------------------- for the client, on its thread

  /** Gives the application an event of the server's; false: it has had it. */
  boolean deliver(String event, Object[] args) {
    String message = messageId(event, args);
    if (message != null && !recent.add(message)) {
      return false;
    }
    Callout.run(
        () -> {
          if (!incoming.isEmpty()) {
            Object[] nameAndArgs = new Object[args.length + 1];
            nameAndArgs[0] = event;
            System.arraycopy(args, 0, nameAndArgs, 1, args.length);
            incoming.forEach(listener -> listener.call(nameAndArgs));
          }
          listeners.emit(event, args);
        });
    return true;
  }

  private @Nullable String messageId(String event, Object[] args) {
    Dedupe dedupe = options.dedupe();
    if (dedupe == null) {
      return null;
    }
    Object[] found = new Object[1];
    Callout.run(() -> found[0] = dedupe.id(event, args));
    return found[0] == null ? null : found[0].toString();
  }

  /** Gives the application an event of the client's own. */
  void fire(String event, Object... args) {
    Callout.run(() -> listeners.emit(event, args));
  }

  void outgoing(Object... nameAndArgs) {
    if (!String.valueOf(nameAndArgs[0]).startsWith(Wire.PREFIX)) {
      outgoing.forEach(listener -> Callout.run(() -> listener.call(nameAndArgs)));
    }
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

  Collection<String> names() {
    return names;
  }
}
