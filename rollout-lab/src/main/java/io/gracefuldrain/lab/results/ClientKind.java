package io.gracefuldrain.lab.results;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.gracefuldrain.lab.options.Choices;
import java.util.Locale;

/** What sort of client one of the crowd is: which program, over which transport. */
public enum ClientKind {
  /** The Java socket.io-client, WebSocket only. */
  JAVA_WEBSOCKET,
  /** The Java socket.io-client, long-polling only. */
  JAVA_POLLING,
  /** The Java socket.io-client as it is by default: long-polling, then an upgrade to WebSocket. */
  JAVA_UPGRADE,
  /** The Java client that knows the reconnect hint and moves by it, WebSocket only. */
  JAVA_AWARE,
  /** A lean client of our own with the back-off of the stock JavaScript client, WebSocket only. */
  LEAN_WEBSOCKET,
  /** The same over long-polling. */
  LEAN_POLLING,
  /** The lean one over WebSocket, that knows the reconnect hint and moves by it. */
  LEAN_AWARE;

  /** Its name on the command line and in JSON, for instance {@code java-websocket}. */
  @JsonValue
  public String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * The kind of a name.
   *
   * @throws IllegalArgumentException if there is none
   */
  @JsonCreator
  public static ClientKind parse(String text) {
    return Choices.parse(values(), ClientKind::text, text);
  }

  /** Whether it is our own program, and not a library's. */
  public boolean lean() {
    return this == LEAN_WEBSOCKET || this == LEAN_POLLING || this == LEAN_AWARE;
  }

  /** Whether it knows the reconnect hint. Where the server does not, it is a stock one. */
  public boolean aware() {
    return this == LEAN_AWARE || this == JAVA_AWARE;
  }

  /** Whether it tells when it tries to come back, and so for how long it chose to wait. */
  public boolean tellsBackOff() {
    return this != JAVA_AWARE;
  }

  /** Whether it ends up on a WebSocket. */
  public boolean overWebSocket() {
    return this != JAVA_POLLING && this != LEAN_POLLING;
  }
}
