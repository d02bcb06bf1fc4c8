package io.gracefuldrain.sample;

import com.corundumstudio.socketio.AckMode;
import com.corundumstudio.socketio.Configuration;
import com.corundumstudio.socketio.SocketIOServer;
import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.DrainPolicy;
import io.gracefuldrain.http.DrainHttpServer;
import io.gracefuldrain.signal.DrainSignals;
import io.gracefuldrain.socketio.SocketIoDrain;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** The smallest server that drains, for a user to copy. End it with {@code kill -TERM}. */
public final class MinimalServer {
  private MinimalServer() {}

  /** Serves clients on port 3000. */
  public static void main(String[] args) {
    try {
      serve();
    } catch (Exception e) {
      e.printStackTrace();
      System.exit(1); // servers that listen already would keep the process alive
    }
  }

  private static void serve() throws Exception {
    Configuration configuration = new Configuration();
    configuration.setPort(3000);
    configuration.getSocketConfig().setReuseAddress(true); // or a restart finds the port taken
    configuration.setRandomSession(true); // or a browser's second connection takes over its first
    configuration.setAckMode(AckMode.MANUAL); // or an order is acknowledged before it is done
    SocketIOServer server = new SocketIOServer(configuration);
    Executor kitchen = CompletableFuture.delayedExecutor(2, TimeUnit.SECONDS);

    DrainCoordinator coordinator = DrainCoordinator.create(DrainPolicy.fromEnvironment());
    SocketIoDrain drain = SocketIoDrain.attach(server, coordinator); // before server.start()
    server.addEventListener(
        "order",
        String.class,
        (client, order, ack) -> {
          Executor orders = drain.work(client).wrap("order", kitchen); // keeps the client meanwhile
          orders.execute(() -> ack.sendAckData(order + " is served"));
        });
    DrainHttpServer.start(coordinator, 8081); // probes, hooks, status
    DrainSignals.install(coordinator, drain::stop); // SIGTERM drains, then stops
    server.start(); // yours
    coordinator.started(); // ready from here on
  }
}
