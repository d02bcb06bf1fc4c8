package io.gracefuldrain.socketio;

import com.corundumstudio.socketio.AckCallback;
import com.corundumstudio.socketio.SocketIOClient;
import com.corundumstudio.socketio.handler.ClientHead;
import com.corundumstudio.socketio.namespace.Namespace;
import com.corundumstudio.socketio.protocol.JsonSupport;
import io.gracefuldrain.HandOverRefusal;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufOutputStream;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a session takes along to another pod: its rooms, what the application wants to be carried of
 * its store, and whose it is. Thread-safe.
 */
final class Luggage implements Keeping.Belongings {
  /**
   * How many numbers for acknowledgements this pod may still use until the session is taken. The
   * next pod may have to count on to its first one, so there are not many.
   */
  static final int NUMBERS_LEFT = 1_000;

  private final ClientHead head;
  private final Arrival arrival;
  private final ServerContext context;

  Luggage(ClientHead head, Arrival arrival, ServerContext context) {
    this.head = head;
    this.arrival = arrival;
    this.context = context;
  }

  /** Whether the client was let in to a namespace, and has not left it. */
  boolean joined(String namespace) {
    return joined().contains(namespace);
  }

  /** The namespaces in which the client was let in, and which it has not left. */
  Set<String> joined() {
    Set<String> names = new HashSet<>();
    for (Namespace namespace : head.getNamespaces()) {
      String name = namespace.getName();
      if (arrival.joined().contains(name) && arrival.fingerprints().containsKey(name)) {
        names.add(name);
      }
    }
    return names;
  }

  @Override
  public HandedState state() throws HandOverRefusal {
    Map<String, Set<String>> rooms = new HashMap<>();
    Map<String, byte[]> identities = new HashMap<>();
    for (Namespace namespace : head.getNamespaces()) {
      byte[] identity = arrival.fingerprints().get(namespace.getName());
      SocketIOClient client = namespace.getClient(head.getSessionId());
      if (identity != null && client != null && joined(namespace.getName())) {
        identities.put(namespace.getName(), identity);
        rooms.put(namespace.getName(), rooms(namespace, client));
      }
    }
    return new HandedState(
        head.getSessionId(), arrival.pid(), nextAck(), rooms, data(), identities);
  }

  /** The rooms that the application has chosen: netty-socketio joins one for each namespace. */
  private static Set<String> rooms(Namespace namespace, SocketIOClient client) {
    Set<String> rooms = new HashSet<>(client.getAllRooms());
    rooms.remove(namespace.getName());
    return rooms;
  }

  /** Asks netty-socketio for a number, since it shows none. */
  private long nextAck() {
    long used = head.getAckManager().registerAck(head.getSessionId(), new NoAcknowledgement());
    if (!head.isConnected()) {
      head.getAckManager().onDisconnect(head); // it has ended meanwhile, and is not forgotten again
    }
    return used + 1 + NUMBERS_LEFT;
  }

  private Map<String, String> data() throws HandOverRefusal {
    Map<String, String> data = new HashMap<>();
    for (String key : context.choices().carried().keySet()) {
      String value = json(key);
      if (value != null) {
        data.put(key, value);
      }
    }
    return data;
  }

  private @Nullable String json(String key) throws HandOverRefusal {
    ByteBuf written = Unpooled.buffer();
    try (ByteBufOutputStream out = new ByteBufOutputStream(written)) {
      Object value = head.getStore().get(key);
      if (value == null) {
        return null;
      }
      JsonSupport json = context.json();
      json.writeValue(out, value);
      if (!json.getArrays().isEmpty()) {
        throw new HandOverRefusal("data", key + ": has binary parts (expected: JSON alone)");
      }
      return written.toString(StandardCharsets.UTF_8);
    } catch (IOException | RuntimeException e) { // the application's own
      throw new HandOverRefusal("data", key + ": cannot be written: " + e);
    }
  }

  private static final class NoAcknowledgement extends AckCallback<Object> {
    NoAcknowledgement() {
      super(Object.class);
    }

    @Override
    public void onSuccess(@Nullable Object result) {}
  }
}
