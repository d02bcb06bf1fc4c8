package io.gracefuldrain.socketio;

import com.corundumstudio.socketio.HandshakeData;
import com.corundumstudio.socketio.Transport;
import com.corundumstudio.socketio.handler.ClientHead;
import java.lang.reflect.Constructor;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Makes heads that stand in for a session's own one where its packets are written: netty-socketio's
 * encoder writes all that is in the queue of a head, and others go on to fill the session's. A
 * stand-in is in none of netty-socketio's tables, and has no store.
 */
final class StandInHead {
  // Some types of its parameters cannot be named on the module path, where their packages are not
  // exported.
  private static final Constructor<?> CONSTRUCTOR = ClientHead.class.getConstructors()[0];
  private static final Class<?>[] PARAMETERS = CONSTRUCTOR.getParameterTypes();
  private static final @Nullable Object NO_STORES = noStores();
  private static final Map<String, List<String>> PROTOCOL = Map.of("EIO", List.of("4"));

  private StandInHead() {}

  /**
   * A head with queues of its own, and the id, the handshake and the transport of another one.
   *
   * @throws IllegalStateException if this netty-socketio has other heads than those known here
   */
  static ClientHead of(ClientHead original) {
    @Nullable Object[] arguments = new @Nullable Object[PARAMETERS.length];
    for (int i = 0; i < arguments.length; i++) {
      arguments[i] = argument(PARAMETERS[i], original);
    }
    try {
      return (ClientHead) CONSTRUCTOR.newInstance(arguments);
    } catch (ReflectiveOperationException | RuntimeException e) {
      throw new IllegalStateException(
          "ClientHead: " + CONSTRUCTOR + " (expected: that of netty-socketio 2.0.12 to 2.0.14)", e);
    }
  }

  private static @Nullable Object argument(Class<?> type, ClientHead original) {
    if (type == UUID.class) {
      return original.getSessionId();
    } else if (type == HandshakeData.class) {
      return original.getHandshakeData();
    } else if (type == Transport.class) {
      return original.getCurrentTransport();
    } else if (type == Map.class) {
      return PROTOCOL;
    }
    return isStoreFactory(type) ? NO_STORES : null;
  }

  private static @Nullable Object noStores() {
    for (Class<?> type : PARAMETERS) {
      if (isStoreFactory(type)) {
        return Proxy.newProxyInstance(
            type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> null);
      }
    }
    return null;
  }

  private static boolean isStoreFactory(Class<?> type) {
    return type.getSimpleName().equals("StoreFactory");
  }
}
