package io.gracefuldrain.chat;

import com.corundumstudio.socketio.AckRequest;
import com.corundumstudio.socketio.SocketIOClient;
import com.corundumstudio.socketio.SocketIOServer;
import io.gracefuldrain.DrainPolicy;
import io.gracefuldrain.socketio.SocketIoDrain;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.stereotype.Component;

/** Clients talk, order, and get a feed. The starter makes the server, and drains it. */
@Component
class Chat {
  record Line(String from, String text) {}

  record Order(String id) {}

  record Upload(long n) {}

  private final Set<SocketIOClient> members = ConcurrentHashMap.newKeySet();
  private final SocketIoDrain drain;
  private final TaskScheduler scheduler;
  private final String pod;

  Chat(
      SocketIOServer server,
      SocketIoDrain drain,
      DrainPolicy policy,
      TaskScheduler scheduler,
      @Value("${chat.feed-ms:100}") long feedMs) {
    this.drain = drain;
    this.scheduler = scheduler;
    this.pod = policy.pod();
    server.addEventListener(
        "whoami",
        Object.class,
        (client, any, ack) -> {
          ack.sendAckData(Map.of("name", pod, "generation", policy.generation()));
          members.add(client); // not before: it did not know that it was connected
        });
    server.addEventListener("say", Line.class, (client, line, ack) -> tell("say", line));
    server.addEventListener(
        "up",
        Upload.class,
        (client, upload, ack) -> ack.sendAckData(Map.of("n", upload.n(), "pod", pod)));
    server.addEventListener("order", Order.class, this::cook);
    server.addDisconnectListener(members::remove);
    feed(feedMs);
  }

  /** Work that outlives its handler: a drain lets the client go when its order is done. */
  private void cook(SocketIOClient client, Order order, AckRequest ack) {
    Executor kitchen = task -> scheduler.schedule(task, Instant.now().plusSeconds(5));
    Executor orders = drain.work(client).wrap("order", kitchen);
    orders.execute(() -> ack.sendAckData(Map.of("id", order.id(), "pod", pod, "tookMs", 5_000)));
  }

  /** Message n is due n intervals after the epoch, so the numbers go on from pod to pod. */
  private void feed(long everyMs) {
    AtomicLong last = new AtomicLong(System.currentTimeMillis() / everyMs);
    Runnable tick =
        () -> {
          long n = last.incrementAndGet();
          tell("feed", Map.of("n", n, "at", n * everyMs, "pod", pod));
        };
    Instant next = Instant.ofEpochMilli((last.get() + 1) * everyMs);
    scheduler.scheduleAtFixedRate(tick, next, Duration.ofMillis(everyMs));
  }

  /** To each on its own: a broadcast garbles what clients of different protocols get. */
  private void tell(String event, Object message) {
    members.forEach(member -> member.sendEvent(event, message));
  }
}
