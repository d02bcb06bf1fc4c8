package io.gracefuldrain.socketio;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** The stock clients and their transports: Socket.IO 4 and 2 for JavaScript, and Java. */
enum ClientKind {
  JS4_WEBSOCKET("socket.io-client", List.of("websocket")),
  JS4_POLLING("socket.io-client", List.of("polling")),
  JS4_UPGRADE("socket.io-client", List.of("polling", "websocket")),
  JS2_WEBSOCKET("socket.io-client-2", List.of("websocket")),
  JS2_POLLING("socket.io-client-2", List.of("polling")),
  JS2_UPGRADE("socket.io-client-2", List.of("polling", "websocket")),
  JAVA_WEBSOCKET("", List.of("websocket")),
  JAVA_POLLING("", List.of("polling"));

  private final String library;

  @SuppressWarnings("ImmutableEnumChecker") // made by List.of
  private final List<String> transports;

  ClientKind(String library, List<String> transports) {
    this.library = library;
    this.transports = transports;
  }

  /** The npm package; empty for a client that runs in this JVM. */
  String library() {
    return library;
  }

  List<String> transports() {
    return transports;
  }

  boolean java() {
    return library.isEmpty();
  }

  /** Whether it ends up on a WebSocket. */
  boolean webSocket() {
    return transports.contains("websocket");
  }

  static Set<ClientKind> all() {
    return EnumSet.allOf(ClientKind.class);
  }

  /** The names of this many clients of this kind. */
  List<String> names(int each) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < each; i++) {
      names.add(name() + "-" + i);
    }
    return names;
  }

  static ClientKind of(String client) {
    return Arrays.stream(values())
        .filter(kind -> client.startsWith(kind.name() + "-"))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(client + " (expected: KIND-number)"));
  }
}
