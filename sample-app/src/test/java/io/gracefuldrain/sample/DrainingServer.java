package io.gracefuldrain.sample;

import com.corundumstudio.socketio.Configuration;
import com.corundumstudio.socketio.SocketIOServer;
import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.DrainPolicy;
import io.gracefuldrain.socketio.SocketIoDrain;
import io.gracefuldrain.testing.Ports;
import java.time.Duration;
import java.util.function.UnaryOperator;

/** A pod in this JVM, without an application: a test adds its listeners. */
record DrainingServer(
    DrainCoordinator coordinator, SocketIOServer server, SocketIoDrain drain, int port)
    implements AutoCloseable {
  static DrainingServer start(String name, UnaryOperator<DrainPolicy> change) {
    DrainPolicy policy =
        DrainPolicy.defaults()
            .withPod(name)
            .withReadinessDelayMin(Duration.ofMillis(100))
            .withReadinessDelayMax(Duration.ofMillis(100))
            .withMoveWindow(Duration.ofSeconds(6))
            .withHintGrace(Duration.ofSeconds(3))
            .withReceipt(DrainPolicy.Receipt.LOG)
            .withTerminationLog("");
    DrainCoordinator coordinator = DrainCoordinator.create(change.apply(policy));
    Configuration configuration = new Configuration();
    configuration.setHostname("127.0.0.1");
    configuration.setPort(Ports.free());
    configuration.setRandomSession(true);
    SocketIOServer server = new SocketIOServer(configuration);
    SocketIoDrain drain = SocketIoDrain.attach(server, coordinator);
    server.start();
    coordinator.started();
    return new DrainingServer(coordinator, server, drain, configuration.getPort());
  }

  int connections() {
    return coordinator.report().connections();
  }

  /** Stops in the background: netty-socketio takes four seconds, and no test needs to wait. */
  @Override
  public void close() {
    coordinator.close();
    Thread stopping = new Thread(server::stop, "stop-" + port);
    stopping.setDaemon(true);
    stopping.start();
  }
}
