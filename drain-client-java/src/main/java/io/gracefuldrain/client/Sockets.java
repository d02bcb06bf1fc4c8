package io.gracefuldrain.client;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/** The sockets of one address, one for each namespace, in the order of their creation. */
final class Sockets {
  private final AwareSocket.Port port;
  private final List<AwareSocket> all = new CopyOnWriteArrayList<>();

  Sockets(AwareSocket.Port port) {
    this.port = port;
  }

  /** The namespace's socket, created if there is none. From any thread. */
  synchronized AwareSocket of(String namespace, AwareOptions options) {
    if (!namespace.startsWith("/")) {
      throw new IllegalArgumentException("namespace: " + namespace + " (expected: /…)");
    }
    for (AwareSocket socket : all) {
      if (socket.namespace().equals(namespace)) {
        if (!socket.options().equals(options)) {
          throw new IllegalArgumentException(
              "options of " + namespace + ": others (expected: those it was made with)");
        }
        return socket;
      }
    }
    AwareSocket socket = new AwareSocket(port, namespace, options);
    all.add(socket);
    return socket;
  }

  /** The sockets that are connected, or will be. */
  List<AwareSocket> active() {
    return all.stream().filter(AwareSocket::isActive).collect(Collectors.toList());
  }
}
