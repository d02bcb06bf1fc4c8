package io.gracefuldrain.client;

import io.socket.client.Ack;
import io.socket.emitter.Emitter;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A new connection's socket in one namespace, as {@link Ready} is given it. What is emitted here is
 * sent on the new connection at once, and is never held. Listeners from here end when the
 * connection is ready; in a move, when it becomes current. After that, an emit here is the same as
 * one on the application's own socket. Thread-safe.
 */
public interface ReadySocket {
  /**
   * Emits an event. An {@link Ack} as the last argument is called with the answer.
   *
   * @throws IllegalArgumentException if the event's name is reserved
   */
  ReadySocket emit(String event, Object... args);

  /**
   * Emits an event.
   *
   * @throws IllegalArgumentException if the event's name is reserved
   */
  ReadySocket emit(String event, Object[] args, @Nullable Ack ack);

  /**
   * Emits an event, and gives its answer. The future fails if the connection is lost before.
   *
   * @throws IllegalArgumentException if the event's name is reserved
   */
  CompletableFuture<Object[]> emitWithAck(String event, Object... args);

  /** Adds a listener for events that this connection brings. */
  ReadySocket on(String event, Emitter.Listener listener);

  /** Adds a listener for the next event of that name that this connection brings. */
  ReadySocket once(String event, Emitter.Listener listener);

  /** Removes the listeners of an event that were added here. */
  ReadySocket off(String event);

  /** Removes a listener that was added here. */
  ReadySocket off(String event, Emitter.Listener listener);

  /** The id of the new session; null once the connection has ended. */
  @Nullable String id();

  /** The namespace, such as {@code /chat}. */
  String namespace();

  /** Whether the new connection has joined the namespace. */
  boolean connected();

  /** What this namespace's join has told the server; empty without. */
  Map<String, String> auth();
}
