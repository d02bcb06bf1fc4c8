package io.gracefuldrain.client;

import com.corundumstudio.socketio.SocketIOClient;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** The application behind all pods: one numbered feed to whoever has joined, and the uploads. */
final class Newsroom implements AutoCloseable {
  private static final long EVERY_MILLIS = 20;

  private final Set<SocketIOClient> readers = ConcurrentHashMap.newKeySet();
  private final Map<String, CopyOnWriteArrayList<Integer>> uploads = new ConcurrentHashMap<>();
  private final ScheduledExecutorService clockwork =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "newsroom");
            thread.setDaemon(true);
            return thread;
          });
  private int number;

  Newsroom() {
    var unused =
        clockwork.scheduleAtFixedRate(
            this::publish, EVERY_MILLIS, EVERY_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void publish() {
    number++;
    Map<String, Object> message = Map.of("n", number, "drainId", "n" + number);
    readers.forEach(reader -> reader.sendEvent("feed", message));
  }

  void join(SocketIOClient reader) {
    readers.add(reader);
  }

  void leave(SocketIOClient reader) {
    readers.remove(reader);
  }

  void upload(String name, int upload) {
    uploads.computeIfAbsent(name, fresh -> new CopyOnWriteArrayList<>()).add(upload);
  }

  /** What has come of somebody's uploads, in the order of dispatch. */
  List<Integer> uploads(String name) {
    return uploads.getOrDefault(name, new CopyOnWriteArrayList<>());
  }

  @Override
  public void close() {
    clockwork.shutdownNow();
  }
}
