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
  private @Nullable Connection current;

  @Nullable Connection current() {
    return current;
  }

  boolean isCurrent(Connection connection) {
    return connection == current;
  }

  void begin(Connection first) {
    current = first;
  }

  /** The next connection becomes current. */
  void adopt(Connection next, RetiredConnection old) {
    if (current != null) {
      retired.put(current, old);
      current.retire();
    }
    current = next;
  }

  /** The socket's channel of the current connection; null if there is none. */
  @Nullable Channel channel(AwareSocket socket) {
    return current == null ? null : current.known(socket);
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

  void listen(AwareSocket socket, String event) {
    retired.keySet().forEach(old -> old.listen(socket, event));
    if (current != null) {
      current.listen(socket, event);
    }
  }

  /** The socket leaves the old connections. */
  void leaveRetired(AwareSocket socket) {
    List.copyOf(retired.keySet()).forEach(old -> old.leave(socket));
  }

  /** Drops the old connections. */
  void dropRetired() {
    List<RetiredConnection> all = new ArrayList<>(retired.values()); // the application may act now
    all.forEach(RetiredConnection::drop);
    retired.clear();
  }
}
