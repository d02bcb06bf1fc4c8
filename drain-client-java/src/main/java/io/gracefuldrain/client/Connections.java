package io.gracefuldrain.client;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The connections that serve the application: the current one, and earlier ones that are not
 * dropped yet. On the event thread.
 */
final class Connections {
  private final Map<Connection, RetiredConnection> retired = new LinkedHashMap<>();
  // Namespaces that the current connection's pod has refused, by the connection that still has
  // them.
  private final Map<AwareSocket, Connection> staying = new LinkedHashMap<>();
  private @Nullable Connection current;
  private @Nullable Connection left;

  @Nullable Connection current() {
    return current;
  }

  boolean isCurrent(Connection connection) {
    return connection == current;
  }

  /** A connection that no move leads to. */
  void begin(Connection first) {
    left = current;
    current = first;
  }

  /** Whether the application has left this connection as a whole, and begun another one. */
  boolean isLeft(Connection connection) {
    return connection == left;
  }

  /** The next connection becomes current. */
  void adopt(Connection next, RetiredConnection old) {
    if (current != null) {
      retired.put(current, old);
      current.retire();
    }
    current = next;
  }

  /** The socket's channel of the connection that serves it; null if there is none. */
  @Nullable Channel channel(AwareSocket socket) {
    Channel channel = current == null ? null : current.known(socket);
    Connection old = staying.get(socket);
    return old == null || (channel != null && channel.joined()) ? channel : old.known(socket);
  }

  /** The socket stays on an old connection to its end. */
  void stay(AwareSocket socket, Connection old) {
    staying.putIfAbsent(socket, old);
  }

  boolean isStaying(AwareSocket socket) {
    return staying.containsKey(socket);
  }

  /** Whether the socket has stayed on this connection. From now on it does not. */
  boolean endStay(AwareSocket socket, Connection old) {
    return staying.remove(socket, old);
  }

  void endStay(AwareSocket socket) {
    staying.remove(socket);
  }

  /** The sockets that stay on a connection. */
  List<AwareSocket> stayingOn(Connection old) {
    List<AwareSocket> sockets = new ArrayList<>(staying.keySet());
    sockets.removeIf(socket -> staying.get(socket) != old);
    return sockets;
  }

  /** The rest of a connection that was current; null if there is none. */
  @Nullable RetiredConnection retired(Connection old) {
    return retired.get(old);
  }

  void forget(Connection old) {
    retired.remove(old);
  }

  void countDuplicate() {
    retired.values().forEach(RetiredConnection::countDuplicate);
  }

  /** The socket leaves the old connections. */
  void leaveRetired(AwareSocket socket) {
    staying.remove(socket);
    new ArrayList<>(retired.keySet()).forEach(old -> old.leave(socket));
  }

  /** Drops the old connections. */
  void dropRetired() {
    List<RetiredConnection> all = new ArrayList<>(retired.values()); // the application may act now
    all.forEach(RetiredConnection::drop);
    retired.clear();
  }
}
