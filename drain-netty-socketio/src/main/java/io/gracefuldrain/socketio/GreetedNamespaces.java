package io.gracefuldrain.socketio;

import com.corundumstudio.socketio.SocketIOClient;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The namespaces in which an aware client was greeted, and so can be hinted. Holds the client
 * object that has joined each, by the namespace's name. Thread-safe.
 */
final class GreetedNamespaces {
  private final Map<String, SocketIOClient> greeted = new ConcurrentHashMap<>();

  void put(String namespace, SocketIOClient client) {
    greeted.put(namespace, client);
  }

  Iterable<SocketIOClient> all() {
    return greeted.values();
  }
}
