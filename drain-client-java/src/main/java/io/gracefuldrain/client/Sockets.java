package io.gracefuldrain.client;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.json.JSONObject;

/** The sockets of one address, a namespace each, in the order in which they were asked for. */
final class Sockets {
  private final Client client;
  private final List<AwareSocket> all = new CopyOnWriteArrayList<>();

  Sockets(Client client) {
    this.client = client;
  }

  /** The namespace's socket, made if there is none. From any thread. */
  synchronized AwareSocket of(String namespace, AwareOptions options) {
    if (!namespace.startsWith("/")) {
      throw new IllegalArgumentException("namespace: " + namespace + " (expected: /…)");
    }
    for (AwareSocket socket : all) {
      if (socket.namespace().equals(namespace)) {
        if (socket.options() != options) {
          throw new IllegalArgumentException(
              "options of " + namespace + ": others (expected: those it was made with)");
        }
        return socket;
      }
    }
    AwareSocket socket = new AwareSocket(client, namespace, options);
    all.add(socket);
    return socket;
  }

  /** Those that are connected, or will be. */
  List<AwareSocket> active() {
    return all.stream().filter(AwareSocket::isActive).toList();
  }

  /** Tells the application of a move, on each socket. */
  void tell(String event, JSONObject figures) {
    all.forEach(socket -> socket.listeners().fire(event, figures));
  }
}
