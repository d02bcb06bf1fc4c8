package io.gracefuldrain.socketio;

import com.corundumstudio.socketio.Configuration;
import com.corundumstudio.socketio.HandshakeData;
import com.corundumstudio.socketio.Transport;
import com.corundumstudio.socketio.handler.ClientHead;
import com.corundumstudio.socketio.handler.ClientsBox;
import com.corundumstudio.socketio.namespace.Namespace;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import java.lang.reflect.Constructor;
import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
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
    return make(arguments);
  }

  private static ClientHead make(@Nullable Object[] arguments) {
    try {
      return (ClientHead) CONSTRUCTOR.newInstance(arguments);
    } catch (ReflectiveOperationException | RuntimeException e) {
      throw new IllegalStateException(
          "ClientHead: " + CONSTRUCTOR + " (expected: that of netty-socketio 2.0.12 to 2.0.14)", e);
    }
  }

  /**
   * The head of a client that there is not, on a WebSocket in the main namespace. It is in no table
   * of a server.
   */
  static ClientHead nobody(Configuration configuration) {
    HandshakeData handshake =
        new HandshakeData(
            new DefaultHttpHeaders(),
            Map.of(),
            InetSocketAddress.createUnresolved("nobody", 0),
            "/",
            false);
    @Nullable Object[] arguments = new @Nullable Object[PARAMETERS.length];
    for (int i = 0; i < arguments.length; i++) {
      arguments[i] = argument(PARAMETERS[i], configuration, handshake);
    }
    ClientHead head = make(arguments);
    head.addNamespaceClient(new Namespace(Namespace.DEFAULT_NAME, configuration));
    return head;
  }

  private static @Nullable Object argument(
      Class<?> type, Configuration configuration, HandshakeData handshake) {
    if (type == UUID.class) {
      return UUID.randomUUID();
    } else if (type == HandshakeData.class) {
      return handshake;
    } else if (type == Transport.class) {
      return Transport.WEBSOCKET;
    } else if (type == Configuration.class) {
      return configuration;
    } else if (type == ClientsBox.class) {
      return new ClientsBox();
    } else if (type == Map.class) {
      return PROTOCOL;
    }
    return type.isInterface() ? idle(type) : null; // its timer, for one
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
        return idle(type);
      }
    }
    return null;
  }

  private static Object idle(Class<?> type) {
    return Proxy.newProxyInstance(
        type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> null);
  }

  private static boolean isStoreFactory(Class<?> type) {
    return type.getSimpleName().equals("StoreFactory");
  }
}
