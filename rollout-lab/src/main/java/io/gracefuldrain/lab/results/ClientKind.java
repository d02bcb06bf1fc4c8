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
  LEAN_AWARE,
  /**
   * The lean client over WebSocket, which has its session recovered where the server can, as the
   * stock JavaScript client from 4.6 on. It gets and sends bytes, too.
   */
  LEAN_RECOVERING,
  /** The same with the stock client's defaults: long-polling, then an upgrade to WebSocket. */
  LEAN_RECOVERING_UPGRADE,
  /** The same over long-polling. */
  LEAN_RECOVERING_POLLING;

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
    return this == LEAN_WEBSOCKET || this == LEAN_POLLING || this == LEAN_AWARE || recovering();
  }

  /** Whether it is a stock client that has its session recovered, where the server can. */
  public boolean recovering() {
    return this == LEAN_RECOVERING
        || this == LEAN_RECOVERING_UPGRADE
        || this == LEAN_RECOVERING_POLLING;
  }

  /** Whether it exchanges bytes, too. The server garbles them over long-polling. */
  public boolean bytes() {
    return this == LEAN_RECOVERING;
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
    return this != JAVA_POLLING && this != LEAN_POLLING && this != LEAN_RECOVERING_POLLING;
  }

  /** Whether its session is one connection from the beginning. */
  public boolean beginsWithWebSocket() {
    return overWebSocket() && this != JAVA_UPGRADE && this != LEAN_RECOVERING_UPGRADE;
  }
}
