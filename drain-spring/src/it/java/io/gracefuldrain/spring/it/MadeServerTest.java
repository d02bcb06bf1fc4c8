package io.gracefuldrain.spring.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.corundumstudio.socketio.SocketIOClient;
import com.corundumstudio.socketio.SocketIOServer;
import com.corundumstudio.socketio.annotation.OnConnect;
import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.DrainPhase;
import io.gracefuldrain.socketio.SocketIoDrain;
import io.gracefuldrain.testing.Await;
import io.gracefuldrain.testing.Ports;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URL;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** The server that the starter makes, from properties or a configuration, and mistakes in these. */
@Execution(ExecutionMode.CONCURRENT) // each server takes four seconds to stop
class MadeServerTest {
  private final ApplicationContextRunner runner = Contexts.runner();

  static class Listener {
    final CompletableFuture<String> path = new CompletableFuture<>();

    @OnConnect
    public void connected(SocketIOClient client) {
      path.complete(client.getHandshakeData().getUrl());
    }
  }

  @Test
  void server_fromPropertiesAlone_runsWithTheContext() {
    AtomicReference<SocketIoDrain> drain = new AtomicReference<>();
    int port = Ports.free();
    runner
        .withPropertyValues(
            "drain.socketio.port=" + port,
            "drain.socketio.host=127.0.0.1",
            "drain.socketio.worker-threads=1",
            "drain.readiness-delay-max=0s",
            "drain.move-window=0s",
            "drain.socketio.ping-interval=5s",
            "drain.socketio.ack-mode=manual")
        .withBean(Listener.class)
        .run(
            context -> {
              assertThat(context).hasNotFailed();
              drain.set(context.getBean(SocketIoDrain.class));
              assertThat(drain.get().running()).isTrue();
              var made = context.getBean(SocketIOServer.class).getConfiguration();
              assertThat(made.getPort()).isEqualTo(port);
              assertThat(made.getPingInterval()).isEqualTo(5000);
              assertThat(made.isRandomSession()).isTrue();
              assertThat(made.getSocketConfig().isReuseAddress()).isTrue();
              URL handshake =
                  new URL("http://127.0.0.1:" + port + "/socket.io/?EIO=4&transport=polling");
              handshake.openStream().close();
              assertThat(context.getBean(Listener.class).path)
                  .succeedsWithin(Await.SOON)
                  .matches(path -> path.startsWith("/socket.io/"));
            });
    assertThat(drain.get().running()).isFalse();
  }

  @Test
  void server_fromAConfigurationBeanAlone_runsWithRandomSessionTurnedOn() {
    com.corundumstudio.socketio.Configuration own = Contexts.configuration();
    own.setRandomSession(false);
    runner
        .withBean(com.corundumstudio.socketio.Configuration.class, () -> own)
        .run(
            context -> {
              assertThat(context.getBean(SocketIoDrain.class).running()).isTrue();
              assertThat(context.getBean(SocketIOServer.class).getConfiguration())
                  .isSameAs(own)
                  .matches(com.corundumstudio.socketio.Configuration::isRandomSession);
            });
  }

  @Test
  void configurations_ofWhichNoneIsPrimary_areAMistake() {
    FailureAnalysis analysis =
        Failures.of(
            runner
                .withBean(
                    "a", com.corundumstudio.socketio.Configuration.class, Contexts::configuration)
                .withBean(
                    "b", com.corundumstudio.socketio.Configuration.class, Contexts::configuration));

    assertThat(analysis.getDescription())
        .contains("several beans of type com.corundumstudio.socketio.Configuration: a, b.");
  }

  @Test
  void port_thatIsTaken_isAMistake() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      FailureAnalysis analysis =
          Failures.of(
              runner.withPropertyValues(
                  "drain.socketio.host=127.0.0.1", "drain.socketio.port=" + taken.getLocalPort()));

      assertThat(analysis.getDescription())
          .startsWith("The Socket.IO server cannot listen on port " + taken.getLocalPort() + ": ");
    }
  }

  @Test
  void servers_noneAndNoWord_isAnApplicationWithoutOne() {
    runner.run(
        context -> {
          assertThat(context).hasNotFailed().doesNotHaveBean(SocketIOServer.class);
          assertThat(context.getBean(DrainCoordinator.class).phase()).isEqualTo(DrainPhase.SERVING);
        });
  }

  // ---------------------------------------------------------------- settings that nobody reads

  @Test
  void settings_besideAServerOfTheApplication_areAMistake() {
    FailureAnalysis analysis =
        Failures.of(
            runner
                .withBean("chat", SocketIOServer.class, Contexts::server)
                .withPropertyValues("drain.socketio.port=9092", "drain.socketio.ping-interval=5s"));

    assertThat(analysis.getDescription())
        .isEqualTo(
            "The application has a Socket.IO server of its own, the bean chat, so nobody reads"
                + " drain.socketio.ping-interval, drain.socketio.port: what is below drain.socketio"
                + " is for a server that the starter makes.");
    assertThat(analysis.getAction())
        .startsWith("Set the same on the com.corundumstudio.socketio.Configuration of your server");
  }

  @Test
  void settings_asVariables_areNoticedToo() {
    assertThat(
            Failures.of(
                    runner
                        .withBean("chat", SocketIOServer.class, Contexts::server)
                        .withInitializer(
                            context ->
                                Contexts.setEnvironment(
                                    context.getEnvironment(),
                                    Map.of("DRAIN_SOCKETIO_PING_INTERVAL", "5s"))))
                .getDescription())
        .contains("so nobody reads drain.socketio.ping-interval: ");
  }

  @Test
  void settings_withoutAServer_areAMistake() {
    FailureAnalysis analysis =
        Failures.of(runner.withPropertyValues("drain.socketio.ping-interval=5s"));

    assertThat(analysis.getDescription())
        .isEqualTo("There is no Socket.IO server, so nobody reads drain.socketio.ping-interval.");
    assertThat(analysis.getAction()).startsWith("Set drain.socketio.port, too");
  }

  @Test
  void values_thatAServerCannotHave_areMistakes() {
    assertThat(mistake("drain.socketio.port=70000"))
        .startsWith(
            "A setting of the drain is wrong: drain.socketio.port: 70000 (expected: 0 to 65535).");
    assertThat(mistake("drain.socketio.ping-interval=25h"))
        .contains("drain.socketio.ping-interval: 90000s (expected: 0s to 24h).");
    assertThat(mistake("drain.socketio.max-frame-payload-length=3GB"))
        .contains("drain.socketio.max-frame-payload-length: 3221225472B (expected: 1B to 2047MB).");
    assertThat(mistake("drain.socketio.ack-mode=perhaps"))
        .contains(
            "drain.socketio.ack-mode: perhaps (expected: one of auto, auto-success-only, manual).")
        .contains("It was set in");
  }

  private String mistake(String property) {
    return Failures.of(runner.withPropertyValues("drain.socketio.port=0", property))
        .getDescription();
  }
}
