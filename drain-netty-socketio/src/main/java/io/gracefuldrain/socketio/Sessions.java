package io.gracefuldrain.socketio;

import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The living Engine.IO sessions of one server, by their id. Thread-safe. */
final class Sessions {
  private final Map<UUID, Session> living = new ConcurrentHashMap<>();

  @Nullable Session get(UUID id) {
    return living.get(id);
  }

  /** The session that a request names by its id, if it lives. */
  @Nullable Session named(@Nullable String sid) {
    try {
      return sid == null ? null : get(UUID.fromString(sid));
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  void add(Session session) {
    living.put(session.head().getSessionId(), session);
  }

  void remove(Session session) {
    living.remove(session.head().getSessionId(), session);
  }
}
