package io.gracefuldrain.client;

import io.socket.client.Socket;
import io.socket.emitter.Emitter;
import java.lang.reflect.Field;
import java.util.Map;
import java.util.Set;

/** What the stock client and this one keep for themselves, for tests of what they do not keep. */
final class Internals {
  private Internals() {}

  /** The stock socket of the current connection. */
  static Socket stock(AwareSocket socket) {
    Connections connections = (Connections) field(field(socket, "port"), "connections");
    return connections.channel(socket).inner();
  }

  /** The answers that a stock socket waits for. */
  static Map<?, ?> acks(Socket stock) {
    return (Map<?, ?>) field(stock, "acks");
  }

  /** The events that an emitter has listeners for. */
  @SuppressWarnings("unchecked")
  static Set<String> names(Emitter emitter) {
    return ((Map<String, ?>) field(emitter, "callbacks")).keySet();
  }

  private static Object field(Object owner, String name) {
    for (Class<?> type = owner.getClass(); type != null; type = type.getSuperclass()) {
      try {
        Field field = type.getDeclaredField(name);
        field.setAccessible(true);
        return field.get(owner);
      } catch (NoSuchFieldException e) {
        // of a superclass
      } catch (IllegalAccessException e) {
        throw new IllegalStateException(e);
      }
    }
    throw new IllegalArgumentException("field: " + name + " (expected: one of " + owner + ")");
  }
}
