package io.gracefuldrain.spring.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.corundumstudio.socketio.SocketIOServer;
import io.gracefuldrain.testing.Ports;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** What a user reads when the port of hooks and probes cannot be had. */
class PortsIT {
  @Configuration
  static class Socket {
    @Bean
    SocketIOServer chat(Environment environment) {
      com.corundumstudio.socketio.Configuration configuration =
          new com.corundumstudio.socketio.Configuration();
      configuration.setPort(environment.getRequiredProperty("chat.port", Integer.class));
      configuration.setRandomSession(true);
      return new SocketIOServer(configuration);
    }
  }

  private static FailureAnalysis failure(String... settings) {
    return Failures.of(
        catchThrowable(
            () -> TestApp.start(new Class<?>[] {OpenApp.class, Socket.class}, settings).close()));
  }

  @Test
  void start_onTheWebServersPort_namesIt() {
    int port = Ports.free();
    FailureAnalysis failure =
        failure("server.port=" + port, "drain.http.port=" + port, "chat.port=" + Ports.free());
    assertThat(failure.getDescription())
        .isEqualTo(
            "The port of the drain's hooks and probes (drain.http.port="
                + port
                + ") is also that of the web server (server.port).");
    assertThat(failure.getAction())
        .isEqualTo(
            "Set drain.http.port to a port of its own. Or give Actuator one"
                + " (management.server.port): hooks and probes then are there.");
  }

  @Test
  void start_onActuatorsPort_namesIt() {
    int port = Ports.free();
    assertThat(
            failure(
                    "drain.http.on-management-port=false",
                    "drain.http.port=" + port,
                    "management.server.port=" + port,
                    "chat.port=" + Ports.free())
                .getDescription())
        .endsWith("is also that of Actuator (management.server.port).");
  }

  @Test
  void start_onTheSocketServersPort_namesTheBean() {
    int port = Ports.free();
    assertThat(failure("drain.http.port=" + port, "chat.port=" + port).getDescription())
        .endsWith("is also that of the SocketIOServer bean chat.");
  }

  @Test
  void start_onAPortOfAnotherProcess_saysWhatToSet() throws Exception {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = other.getLocalPort();
      FailureAnalysis failure =
          failure(
              "drain.http.port=" + port,
              "drain.http.address=127.0.0.1",
              "chat.port=" + Ports.free());
      assertThat(failure.getDescription())
          .startsWith("Port " + port + " (drain.http.port), for the drain's hooks and probes,");
      assertThat(failure.getAction())
          .contains("Set drain.http.port", "management.server.port", "end the process");
    }
  }

  @Test
  void start_withAPortThatThereIsNot_saysSo() {
    for (String[] each :
        new String[][] {
          {"70000", "drain.http.port: 70000 (expected: 0 to 65535)."},
          {"abc", "drain.http.port: abc (expected: a whole number)."}
        }) {
      FailureAnalysis failure = failure("chat.port=" + Ports.free(), "drain.http.port=" + each[0]);
      assertThat(failure.getDescription())
          .startsWith("A setting of the drain is wrong: " + each[1]);
      assertThat(failure.getAction()).startsWith("Change it to what was expected.");
    }
  }

  @Test
  @ExtendWith(OutputCaptureExtension.class)
  void start_withATypingError_isShownByThisModuleAndNotBySpringBoot(CapturedOutput output) {
    assertThat(catchThrowable(() -> TestApp.start(OpenApp.class, "drain.http.port=abc").close()))
        .isNotNull();
    assertThat(output)
        .contains("APPLICATION FAILED TO START", "drain.http.port: abc (expected: a whole number)")
        .doesNotContain("Failed to bind");
  }
}
