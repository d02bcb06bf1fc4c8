package io.gracefuldrain.socketio;

import com.corundumstudio.socketio.SocketIOClient;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * In which namespaces an aware client was greeted, and so can be hinted: by the namespace's name,
 * the client object that has joined it.
 */
final class GreetedNamespaces {
  private final Map<String, SocketIOClient> greeted = new ConcurrentHashMap<>();
  private volatile @Nullable SocketIOClient beforeConnect;

  /**
   * Notes the object that stands in the default namespace before the client's own CONNECT. EIO4
   * clients have one from the handshake on; their CONNECT puts another in its place.
   */
  void beforeConnect(@Nullable SocketIOClient client) {
    if (beforeConnect == null) {
      beforeConnect = client;
    }
  }

  boolean isBeforeConnect(SocketIOClient client) {
    return client == beforeConnect;
  }

  /** Whether this client object has yet to be greeted; it counts as greeted from now on. */
  boolean add(String namespace, SocketIOClient client) {
    return greeted.put(namespace, client) != client;
  }

  Iterable<SocketIOClient> all() {
    return greeted.values();
  }
}
