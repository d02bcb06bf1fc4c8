package io.gracefuldrain.smoke;

import com.corundumstudio.socketio.AckMode;
import com.corundumstudio.socketio.Configuration;
import com.corundumstudio.socketio.SocketIOServer;
import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.DrainPolicy;
import io.gracefuldrain.socketio.SocketIoDrain;
import io.gracefuldrain.testing.Ports;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** The pod that is there already when the shop ends; it says the same news. */
final class NextPod implements AutoCloseable {
  private static final long EVERY_MILLIS = 100;

  private final int port = Ports.free();
  private final DrainCoordinator coordinator =
      DrainCoordinator.create(DrainPolicy.defaults().withPod("shop-b").withTerminationLog(""));
  private final SocketIOServer server;
  private final ScheduledExecutorService news =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "news-of-the-next-pod");
            thread.setDaemon(true);
            return thread;
          });
  private long last = System.currentTimeMillis() / EVERY_MILLIS;

  NextPod() {
    Configuration configuration = new Configuration();
    configuration.setHostname("127.0.0.1");
    configuration.setPort(port);
    configuration.setRandomSession(true);
    configuration.setAckMode(AckMode.MANUAL);
    server = new SocketIOServer(configuration);
    SocketIoDrain.attach(server, coordinator);
    server.addEventListener("up", Integer.class, (client, n, ack) -> ack.sendAckData(n));
    server.start();
    coordinator.started();
    var unused = news.scheduleAtFixedRate(this::publish, 0, EVERY_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void publish() {
    long now = System.currentTimeMillis() / EVERY_MILLIS;
    while (last < now) {
      last++;
      Map<String, Object> message = Map.of("n", last, "pod", "shop-b");
      server.getAllClients().forEach(client -> client.sendEvent("news", message));
    }
  }

  String url() {
    return "http://127.0.0.1:" + port;
  }

  @Override
  public void close() {
    news.shutdownNow();
    Thread stop = new Thread(server::stop, "stop-of-the-next-pod"); // it takes seconds
    stop.setDaemon(true);
    stop.start();
    coordinator.close();
  }
}
