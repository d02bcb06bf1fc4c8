package io.gracefuldrain.socketio;

import com.corundumstudio.socketio.HandshakeData;
import com.corundumstudio.socketio.SocketIOClient;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What the application says of the hand-over of its sessions. Thread-safe. */
final class HandOverChoices {
  private final Map<String, Class<?>> carried = new ConcurrentHashMap<>();
  private final List<BiConsumer<SocketIOClient, UUID>> recovered = new CopyOnWriteArrayList<>();
  private final List<Consumer<SocketIOClient>> letGo = new CopyOnWriteArrayList<>();
  private volatile @Nullable BiFunction<HandshakeData, @Nullable Object, String> identity;

  /** A key of the client's store is carried. */
  void carry(String key, Class<?> type) {
    carried.put(key, type);
  }

  /** The keys that are carried, with their types. */
  Map<String, Class<?>> carried() {
    return Map.copyOf(carried);
  }

  void identity(BiFunction<HandshakeData, @Nullable Object, String> function) {
    identity = function;
  }

  /** How the application tells whose session it is, or null if it does not say. */
  @Nullable BiFunction<HandshakeData, @Nullable Object, String> identity() {
    return identity;
  }

  void onLetGo(Consumer<SocketIOClient> listener) {
    letGo.add(listener);
  }

  /** Those that hear of a client that is on its way to another pod. */
  List<Consumer<SocketIOClient>> letGo() {
    return letGo;
  }

  void onRecovered(BiConsumer<SocketIOClient, UUID> listener) {
    recovered.add(listener);
  }

  /** Those that hear of a client whose session was handed over. */
  List<BiConsumer<SocketIOClient, UUID>> recovered() {
    return recovered;
  }
}
