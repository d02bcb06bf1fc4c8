package io.gracefuldrain.client;

import io.socket.client.Socket;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;
import org.json.JSONObject;

/** The names of the protocol, version 1. */
final class Wire {
  static final String PREFIX = "drain:";

  // Events that servers send.
  static final String HELLO = "drain:hello";
  static final String PLAN = "drain:plan";
  static final String RECONNECT = "drain:reconnect";
  static final String TOKEN = "drain:token";

  // Events that clients send.
  static final String LANDED = "drain:landed";

  // Events for the application. These never go over the wire.
  static final String MOVING = "drain:moving";
  static final String SWITCHED = "drain:switched";
  static final String MOVED = "drain:moved";
  static final String FAILED = "drain:failed";

  private static final Set<String> RESERVED =
      new LinkedHashSet<>(
          Arrays.asList(
              Socket.EVENT_CONNECT,
              Socket.EVENT_DISCONNECT,
              Socket.EVENT_CONNECT_ERROR,
              "disconnecting",
              "newListener",
              "removeListener"));

  private Wire() {}

  /** Whether a server's answer names an error. */
  static boolean isError(Object[] answer) {
    return answer.length > 0
        && answer[0] instanceof JSONObject
        && ((JSONObject) answer[0]).opt("error") != null;
  }

  /**
   * Checks an event that the application emits.
   *
   * @throws IllegalArgumentException if its name belongs to the stock client or to the protocol
   */
  static void checkEmit(String event) {
    if (RESERVED.contains(event) || event.startsWith(PREFIX)) {
      throw new IllegalArgumentException(
          "event: " + event + " (expected: none of " + RESERVED + ", nor drain:…)");
    }
  }
}
