package io.gracefuldrain.socketio;

import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The Engine.IO sessions of one server, by their id. Thread-safe. */
final class Sessions {
  private final Map<UUID, Session> known = new ConcurrentHashMap<>();

  @Nullable Session get(UUID id) {
    Session session = known.get(id);
    return session == null || session.ended() ? null : session;
  }

  /** As {@link #get}, or a session that has ended while something of it is still dispatched. */
  @Nullable Session livingOrDispatching(UUID id) {
    return known.get(id);
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
    known.put(session.head().getSessionId(), session);
  }

  void remove(Session session) {
    known.remove(session.head().getSessionId(), session);
  }
}
