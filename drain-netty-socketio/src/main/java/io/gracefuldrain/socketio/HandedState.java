package io.gracefuldrain.socketio;

import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * What a pod needs to know of a session before it lets its client in.
 *
 * @param session the session's id on its old pod
 * @param pid what the client has as its {@code pid}, which the CONNECT answer repeats
 * @param nextAck the first number of acknowledgements that the old pod has not used
 * @param rooms the rooms of each namespace that the client had joined, by its name as
 *     netty-socketio has it (empty for the main one)
 * @param data what the application wants to be carried: by key, as JSON
 * @param identities a fingerprint of whose session it is, in each namespace that the client had
 *     joined: the new pod compares those of namespaces that the client joins after the session was
 *     taken. Empty where the client has joined without {@code auth}
 */
record HandedState(
    UUID session,
    String pid,
    long nextAck,
    Map<String, Set<String>> rooms,
    Map<String, String> data,
    Map<String, byte[]> identities) {
  HandedState {
    rooms = Map.copyOf(rooms);
    data = Map.copyOf(data);
    identities = Map.copyOf(identities);
  }

  /** Whether the client has the same rooms and data by both. */
  boolean saysTheSame(HandedState other) {
    return rooms.equals(other.rooms) && data.equals(other.data);
  }
}
