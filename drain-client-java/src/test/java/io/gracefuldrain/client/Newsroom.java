package io.gracefuldrain.client;

import com.corundumstudio.socketio.SocketIOClient;
import io.gracefuldrain.testing.Await;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** The application behind all pods: a numbered feed for all readers, and the uploads. */
final class Newsroom implements AutoCloseable {
  private static final long EVERY_MILLIS = 20;

  private final Set<SocketIOClient> readers = ConcurrentHashMap.newKeySet();
  private final Map<String, CopyOnWriteArrayList<Integer>> uploads = new ConcurrentHashMap<>();
  private final ScheduledExecutorService clockwork = Daemons.scheduled("newsroom");
  private final CountDownLatch awake = new CountDownLatch(1);
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

  /** How many connections have joined and have not ended. */
  int readers() {
    return readers.size();
  }

  /** Blocks the thread of a connection until {@link #wake()}. Messages from the connection wait. */
  void nap() throws InterruptedException {
    if (!awake.await(Await.SOON.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new AssertionError("nobody ended the nap");
    }
  }

  void wake() {
    awake.countDown();
  }

  void upload(String name, int upload) {
    uploads.computeIfAbsent(name, fresh -> new CopyOnWriteArrayList<>()).add(upload);
  }

  /** The uploads of an app that were dispatched, in that order. */
  List<Integer> uploads(String name) {
    return uploads.getOrDefault(name, new CopyOnWriteArrayList<>());
  }

  @Override
  public void close() {
    clockwork.shutdownNow();
  }
}
