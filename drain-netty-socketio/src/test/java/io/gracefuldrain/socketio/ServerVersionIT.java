package io.gracefuldrain.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import io.gracefuldrain.DrainReport;
import io.gracefuldrain.Outcome;
import io.gracefuldrain.testing.JvmProcess;
import io.gracefuldrain.testing.WireSocket;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The adapter with older versions of netty-socketio, each in a JVM of its own. */
class ServerVersionIT {
  @ParameterizedTest
  @ValueSource(strings = {"2.0.12", "2.0.13"})
  void drain_withAnOlderServer_letsGoOfEveryKindOfClient(String version) throws Exception {
    try (JvmProcess pod = start(version)) {
      assertThat(pod.awaitLine("probe:")).isEqualTo("probe: " + version + " LANDED 1, CLOSED 3");
    }
  }

  @Test
  void attach_withAServerThatIsTooOld_isRefused() throws Exception {
    try (JvmProcess pod = start("2.0.11")) {
      assertThat(pod.awaitLine("probe:"))
          .isEqualTo("probe: netty-socketio: 2.0.11 (expected: 2.0.12 to 2.0.14)");
    }
  }

  private static JvmProcess start(String version) throws Exception {
    Path jar =
        Path.of(
            System.getProperty("adapter.servers", "target/netty-socketio"),
            "netty-socketio-" + version + ".jar");
    assertThat(Files.exists(jar)).as("%s", jar.toAbsolutePath()).isTrue();
    String classPath =
        System.getProperty("java.class.path")
            .replaceAll(
                "[^"
                    + File.pathSeparator
                    + "]*netty-socketio-2[^"
                    + File.pathSeparator
                    + "]*\\.jar",
                jar.toAbsolutePath().toString());
    assertThat(classPath).contains(jar.getFileName().toString());
    return JvmProcess.of(Path.of(classPath), Probe.class.getName()).start();
  }

  /** A pod, a client of each kind, and a drain. */
  static final class Probe {
    private Probe() {}

    public static void main(String[] none) {
      String said;
      try (FeedServer pod = FeedServer.named("pod-a").start()) {
        said = run(pod);
      } catch (Exception | LinkageError e) {
        said = String.valueOf(e.getMessage());
      }
      System.out.println("probe: " + said);
      System.out.flush();
      Runtime.getRuntime().halt(0);
    }

    private static String run(FeedServer pod) throws Exception {
      try (ScriptedClient stock = ScriptedClient.stock(pod);
          ScriptedClient aware = ScriptedClient.aware(pod);
          ScriptedClient chat = ScriptedClient.connect(pod, "EIO=4").join("/chat")) {
        ScriptedPoller poller = ScriptedPoller.join(pod);
        FeedSession session = poller.ready("poller");
        session.send(20);
        int order = stock.emitForAck("", "\"order\",500");
        pod.awaitWork();
        CompletableFuture<DrainReport> drain = pod.drain();
        ScriptedClient.Event hint = aware.awaitEvent("drain:reconnect");
        aware.acknowledge(hint);
        aware.awaitAck(
            "", aware.emitForAck("", "\"drain:landed\",{\"pod\":\"b\",\"connectMs\":5}"));
        aware.wire().close();
        while (poller.poll().status() == 200) {
          // It fetches what is queued.
        }
        stock.awaitAck("", order);
        check(stock.end() == WireSocket.End.FIN && chat.end() == WireSocket.End.FIN, "no FIN");
        check(poller.numbers().size() == session.owed(), "the poller lacks events");
        DrainReport report = drain.get(20, TimeUnit.SECONDS);
        return ServerVersion.of(com.corundumstudio.socketio.SocketIOServer.class)
            + " LANDED "
            + report.count(Outcome.LANDED)
            + ", CLOSED "
            + report.count(Outcome.CLOSED);
      }
    }

    private static void check(boolean right, String otherwise) {
      if (!right) {
        throw new IllegalStateException(otherwise);
      }
    }
  }
}
