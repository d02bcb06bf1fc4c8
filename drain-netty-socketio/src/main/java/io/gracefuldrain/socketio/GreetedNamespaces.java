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
  private volatile @Nullable SocketIOClient beforeConnect;

  /**
   * Notes the object that stands in the default namespace before the client's own CONNECT. An EIO4
   * client has one right after its handshake. Its CONNECT puts another in its place.
   */
  void beforeConnect(@Nullable SocketIOClient client) {
    if (beforeConnect == null) {
      beforeConnect = client;
    }
  }

  boolean isBeforeConnect(SocketIOClient client) {
    return client == beforeConnect;
  }

  /** Whether this client object was not greeted before. After this call it counts as greeted. */
  boolean add(String namespace, SocketIOClient client) {
    return greeted.put(namespace, client) != client;
  }

  Iterable<SocketIOClient> all() {
    return greeted.values();
  }
}
