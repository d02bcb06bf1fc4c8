package io.gracefuldrain.lab.results;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.gracefuldrain.lab.options.Choices;
import java.util.Locale;

/** The kind of a client: its program and its transport. */
public enum ClientKind {
  /** The Java socket.io-client, WebSocket only. */
  JAVA_WEBSOCKET,
  /** The Java socket.io-client, long-polling only. */
  JAVA_POLLING,
  /** The Java socket.io-client with its defaults: long-polling, then an upgrade to WebSocket. */
  JAVA_UPGRADE,
  /** The Java client that knows the reconnect hint and moves on it, WebSocket only. */
  JAVA_AWARE,
  /** The lean client, with the back-off of the stock JavaScript client, WebSocket only. */
  LEAN_WEBSOCKET,
  /** The lean client over long-polling. */
  LEAN_POLLING,
  /** The lean client over WebSocket, which knows the reconnect hint and moves on it. */
  LEAN_AWARE;

  /** Its name on the command line and in JSON, for instance {@code java-websocket}. */
  @JsonValue
  public String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * Returns the kind with that name.
   *
   * @throws IllegalArgumentException if there is none
   */
  @JsonCreator
  public static ClientKind parse(String text) {
    return Choices.parse(values(), ClientKind::text, text);
  }

  /** Whether it is the lean client, and not a library. */
  public boolean lean() {
    return this == LEAN_WEBSOCKET || this == LEAN_POLLING || this == LEAN_AWARE;
  }

  /**
   * Whether it knows the reconnect hint. At a server that does not, it behaves like a stock one.
   */
  public boolean aware() {
    return this == LEAN_AWARE || this == JAVA_AWARE;
  }

  /** Whether it says when it tries to reconnect, and so how long it chose to wait. */
  public boolean tellsBackOff() {
    return this != JAVA_AWARE;
  }

  /** Whether it uses a WebSocket in the end. */
  public boolean overWebSocket() {
    return this != JAVA_POLLING && this != LEAN_POLLING;
  }
}
