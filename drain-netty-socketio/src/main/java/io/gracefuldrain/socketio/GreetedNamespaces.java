package io.gracefuldrain.socketio;

import com.corundumstudio.socketio.SocketIOClient;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The namespaces in which an aware client was greeted, and so can be hinted. Holds the client
 * object that has joined each, by the namespace's name. Thread-safe.
 */
final class GreetedNamespaces {
  private final Map<String, SocketIOClient> greeted = new ConcurrentHashMap<>();

  void put(String namespace, SocketIOClient client) {
    greeted.put(namespace, client);
  }

  /** The client object that has joined a namespace, or null. */
  @Nullable SocketIOClient get(String namespace) {
    return greeted.get(namespace);
  }

  Iterable<SocketIOClient> all() {
    return greeted.values();
  }
}
