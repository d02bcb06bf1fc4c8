package io.gracefuldrain.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import com.corundumstudio.socketio.AuthorizationResult;
import com.corundumstudio.socketio.Configuration;
import com.corundumstudio.socketio.SocketIOServer;
import com.corundumstudio.socketio.Transport;
import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.DrainPhase;
import io.gracefuldrain.DrainPolicy;
import io.gracefuldrain.testing.Ports;
import io.gracefuldrain.testing.WireSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients over real loopback, of whom the application sees nothing. */
@Timeout(120)
class WarmUpIT {
  private static final Duration LONG = Duration.ofSeconds(60);

  private final List<String> seen = new CopyOnWriteArrayList<>();

  private Configuration configuration() {
    Configuration configuration = new Configuration();
    configuration.setHostname("127.0.0.1");
    configuration.setPort(Ports.free());
    configuration.setRandomSession(true);
    configuration.setAuthorizationListener(
        handshake -> {
          seen.add("authorization");
          return AuthorizationResult.SUCCESSFUL_AUTHORIZATION;
        });
    return configuration;
  }

  @Test
  void start_withAWarmUp_showsTheApplicationNothing_andServesAfterIt() throws Exception {
    DrainPolicy policy =
        DrainPolicy.defaults()
            .withWarmUp(LONG)
            .withReceipt(DrainPolicy.Receipt.LOG)
            .withTerminationLog("");
    try (DrainCoordinator coordinator = DrainCoordinator.create(policy);
        LogTap log = LogTap.of(WarmUp.class)) {
      Configuration configuration = configuration();
      SocketIOServer server = new SocketIOServer(configuration);
      server.addConnectListener(client -> seen.add("connect"));
      server.addDisconnectListener(client -> seen.add("disconnect"));
      SocketIoDrain drain = SocketIoDrain.attach(server, coordinator);
      server.start();
      try {
        assertThat(log.lines()).anyMatch(line -> line.contains("DRAIN-090 warmed up by 300 "));
        assertThat(seen).isEmpty();
        assertThat(server.getAllNamespaces()).hasSize(1);
        assertThat(coordinator.phase()).isEqualTo(DrainPhase.STARTING);
        assertThat(coordinator.report().tracked()).isZero();

        coordinator.started();
        WireSocket client = WireSocket.open(configuration.getPort(), "EIO=4");
        client.await("its session", message -> message.startsWith("0{"));
        assertThat(seen).containsExactly("authorization", "connect");
        client.close();
      } finally {
        drain.stop();
      }
    }
  }

  @Test
  void run_withOneTransport_usesThatAlone() {
    for (Transport transport : Transport.values()) {
      Configuration configuration = configuration();
      configuration.setTransports(transport);
      assertThat(SocketIoDrain.warmUp(configuration, LONG).run()).isEqualTo(WarmUp.MOST);
    }
  }

  @Test
  void run_beyondItsTime_endsAndIsNoFailure() throws Exception {
    try (LogTap log = LogTap.of(WarmUp.class)) {
      assertThat(SocketIoDrain.warmUp(configuration(), Duration.ofNanos(1)).run()).isZero();
      assertThat(log.lines()).anyMatch(line -> line.contains("DRAIN-090 warmed up by 0 "));
    }
  }

  @Test
  void run_withoutTime_doesNothing() throws Exception {
    try (LogTap log = LogTap.of(WarmUp.class)) {
      assertThat(SocketIoDrain.warmUp(configuration(), Duration.ZERO).run()).isZero();
      assertThat(log.lines()).isEmpty();
    }
  }
}
