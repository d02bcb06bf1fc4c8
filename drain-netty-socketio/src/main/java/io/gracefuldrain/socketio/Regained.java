package io.gracefuldrain.socketio;

import com.corundumstudio.socketio.SocketIOClient;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a client has again of its old session in one namespace: rooms, and data if it is the one
 * that was given it. It goes on to change at the old pod until the session ends there, and follows
 * that. What the application here has done itself stays. Used by one thread after the other.
 */
final class Regained {
  private final SocketIOClient client;
  // Those that it is in for the old session alone.
  private final Set<String> joined = new HashSet<>();
  private final Map<String, @Nullable Object> before = new HashMap<>();
  private final Map<String, Object> set = new HashMap<>();
  private final Map<String, Object> data;
  private Set<String> rooms = Set.of();
  private Map<String, String> texts = Map.of();

  /**
   * Nothing yet.
   *
   * @param data what its store gets; empty if another namespace of the session sees to that
   */
  Regained(SocketIOClient client, Map<String, Object> data) {
    this.client = client;
    this.data = data;
  }

  /** It has all of it. */
  void join(HandedState state) {
    enter(rooms(state));
    rooms = rooms(state);
    texts = state.data();
    data.forEach(
        (key, value) -> {
          before.put(key, client.get(key));
          put(key, value);
        });
  }

  private Set<String> rooms(HandedState state) {
    return state.rooms().getOrDefault(client.getNamespace().getName(), Set.of());
  }

  private void enter(Set<String> wanted) {
    Set<String> fresh = new HashSet<>(wanted);
    fresh.removeAll(client.getAllRooms());
    if (!fresh.isEmpty()) {
      joined.addAll(fresh); // first: a store may fail when they are joined here
      client.joinRooms(fresh);
    }
  }

  private void put(String key, Object value) {
    client.set(key, value);
    set.put(key, value);
  }

  /**
   * It has left at the old pod what it is not in there any more, and has come into others. Data
   * that was changed there is changed here, unless the application here has set it, too.
   */
  void follow(HandedState now, Map<String, Object> values) {
    Set<String> wanted = rooms(now);
    Set<String> left = new HashSet<>(rooms);
    left.removeAll(wanted);
    left.retainAll(joined);
    if (!left.isEmpty()) {
      client.leaveRooms(left);
      joined.removeAll(left);
    }
    Set<String> fresh = new HashSet<>(wanted);
    fresh.removeAll(rooms); // those of before, that it has left here, stay left
    enter(fresh);
    rooms = wanted;
    followData(now.data(), values);
  }

  private void followData(Map<String, String> now, Map<String, Object> values) {
    values.forEach(
        (key, value) -> {
          if (!Objects.equals(texts.get(key), now.get(key)) && isOurs(key)) {
            before.putIfAbsent(key, client.get(key));
            put(key, value);
          }
        });
    for (String key : Set.copyOf(set.keySet())) {
      if (!now.containsKey(key) && isOurs(key)) {
        client.del(key);
        set.remove(key);
      }
    }
    texts = now;
  }

  /** Whether the application here has not set it since. */
  private boolean isOurs(String key) {
    return Objects.equals(client.get(key), set.get(key));
  }

  /** As if nothing had been handed over. If a store fails, data may stay, and rooms do not. */
  void undo() {
    try {
      before.forEach(this::restore);
    } finally {
      if (!joined.isEmpty()) {
        client.leaveRooms(joined);
      }
    }
  }

  private void restore(String key, @Nullable Object value) {
    if (value == null) {
      client.del(key);
    } else {
      client.set(key, value);
    }
  }
}
