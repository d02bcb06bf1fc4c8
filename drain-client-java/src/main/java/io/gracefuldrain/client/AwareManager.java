package io.gracefuldrain.client;

import io.socket.client.Manager;
import io.socket.emitter.Emitter;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The events of the stock client's {@link Manager}, over all connections of an aware socket.
 * Listeners run on socket.io's event thread, before those of the sockets. Thread-safe.
 *
 * <p>{@link Manager#EVENT_TRANSPORT} comes for every connection, also for one to the next pod. Each
 * of a move's attempts fires {@link Manager#EVENT_RECONNECT_ATTEMPT} before it reads the options.
 * All other events are those of the current connection. What a move hides is not told. Where the
 * application gets {@code connect} by a move, {@link Manager#EVENT_OPEN} and {@link
 * Manager#EVENT_RECONNECT} come before it.
 *
 * <pre>{@code
 * socket.io().on(Manager.EVENT_RECONNECT_ATTEMPT, args -> options.query = "token=" + fresh());
 * }</pre>
 */
public final class AwareManager {
  /** Every event of a manager. */
  static final Set<String> EVENTS =
      Collections.unmodifiableSet(
          new HashSet<>(
              Arrays.asList(
                  Manager.EVENT_OPEN,
                  Manager.EVENT_CLOSE,
                  Manager.EVENT_PACKET,
                  Manager.EVENT_ERROR,
                  Manager.EVENT_RECONNECT,
                  Manager.EVENT_RECONNECT_ERROR,
                  Manager.EVENT_RECONNECT_FAILED,
                  Manager.EVENT_RECONNECT_ATTEMPT,
                  Manager.EVENT_TRANSPORT)));

  private final Emitter listeners = new Emitter();

  AwareManager() {}

  /** Adds a listener for an event. */
  public AwareManager on(String event, Emitter.Listener listener) {
    listeners.on(event, listener);
    return this;
  }

  /** Adds a listener for the next event of that name. */
  public AwareManager once(String event, Emitter.Listener listener) {
    listeners.once(event, listener);
    return this;
  }

  /** Removes all listeners. */
  public AwareManager off() {
    listeners.off();
    return this;
  }

  /** Removes all listeners of an event. */
  public AwareManager off(String event) {
    listeners.off(event);
    return this;
  }

  /** Removes a listener of an event. */
  public AwareManager off(String event, Emitter.Listener listener) {
    listeners.off(event, listener);
    return this;
  }

  /** The listeners of an event. */
  public List<Emitter.Listener> listeners(String event) {
    return listeners.listeners(event);
  }

  /** Whether an event has listeners. */
  public boolean hasListeners(String event) {
    return listeners.hasListeners(event);
  }

  void fire(String event, Object... args) {
    Callout.run(() -> listeners.emit(event, args));
  }
}
