package io.gracefuldrain.sample;

import static org.assertj.core.api.Assertions.assertThat;

import io.gracefuldrain.testing.Await;
import io.gracefuldrain.testing.Ports;
import io.socket.client.Ack;
import io.socket.client.IO;
import io.socket.client.Socket;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The server that a user copies, run from the jar as a separate process. */
@Execution(ExecutionMode.CONCURRENT)
class MinimalServerIT {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final Map<String, String> QUICK =
      Map.of(
          "DRAIN_READINESS_DELAY_MIN", "100ms",
          "DRAIN_READINESS_DELAY_MAX", "100ms",
          "DRAIN_MOVE_WINDOW", "1s",
          "DRAIN_HINT_GRACE", "500ms");

  @Test
  void sigterm_copyWithAClientAndAnOrderUnderWay_finishesItAndWritesItsReceipt(@TempDir Path folder)
      throws Exception {
    int[] ports = Ports.free(2);
    try (AppProcess app =
        AppProcess.runCopy(AppProcess.JAR, MinimalServer.class, folder, ports, QUICK)) {
      app.awaitOutput("\"phase\":\"SERVING\"");
      assertThat(RawHttp.ask(ports[1], "GET /readyz HTTP/1.0")).startsWith("HTTP/1.1 200");
      Socket client = IO.socket(URI.create("http://127.0.0.1:" + ports[0]));
      try {
        client.connect();
        Await.until("connected", SOON, client::connected);
        AtomicReference<Object> answer = new AtomicReference<>();
        client.emit("order", new Object[] {"tea"}, (Ack) args -> answer.set(args[0]));
        // Once the drain knows a lease, the handler has begun.
        Await.until("the order", SOON, () -> workInFlight(ports[1]));
        app.terminate();
        assertThat(app.awaitExit(SOON)).isEqualTo(143);
        Await.until("an answer", SOON, () -> answer.get() != null);
        assertThat(answer.get()).isEqualTo("tea is served");
      } finally {
        client.close();
      }
      assertThat(app.output())
          .containsOnlyOnce("\"code\":\"DRAIN-009\"")
          .contains(
              "\"reasons\":[\"SIGTERM\"]", "\"tracked\":1,", "\"CLOSED\":1", "\"addsUp\":true");
    }
  }

  @Test
  void start_oneOfItsLinesThrows_saysWhyAndEnds() throws Exception {
    Map<String, String> wrong = Map.of("DRAIN_MOVE_WINDOW", "soon");
    try (AppProcess app =
        AppProcess.runClass(AppProcess.JAR, MinimalServer.class.getName(), wrong)) {
      assertThat(app.awaitExit(SOON)).isEqualTo(1);
      assertThat(app.output()).contains("DRAIN_MOVE_WINDOW: soon (expected: a duration");
    }
  }

  private static boolean workInFlight(int managementPort) {
    try {
      return RawHttp.ask(managementPort, "GET /drain HTTP/1.0").contains("\"workInFlight\":1");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
