package io.gracefuldrain.sample.lab;

import static io.gracefuldrain.lab.results.ClientKind.JAVA_AWARE;
import static io.gracefuldrain.lab.results.ClientKind.JAVA_POLLING;
import static io.gracefuldrain.lab.results.ClientKind.JAVA_WEBSOCKET;
import static io.gracefuldrain.lab.results.ClientKind.LEAN_AWARE;
import static io.gracefuldrain.lab.results.ClientKind.LEAN_POLLING;
import static io.gracefuldrain.lab.results.ClientKind.LEAN_WEBSOCKET;
import static org.assertj.core.api.Assertions.assertThat;

import com.corundumstudio.socketio.Configuration;
import com.corundumstudio.socketio.SocketConfig;
import com.corundumstudio.socketio.SocketIOClient;
import com.corundumstudio.socketio.SocketIOServer;
import com.fasterxml.jackson.databind.JsonNode;
import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.DrainPolicy;
import io.gracefuldrain.DrainReason;
import io.gracefuldrain.lab.FeedEvents;
import io.gracefuldrain.lab.crowd.Crowd;
import io.gracefuldrain.lab.crowd.CrowdPlan;
import io.gracefuldrain.lab.results.ClientLedger;
import io.gracefuldrain.lab.results.CrowdReport;
import io.gracefuldrain.lab.results.Gap;
import io.gracefuldrain.lab.results.Move;
import io.gracefuldrain.lab.results.Stay;
import io.gracefuldrain.sample.AppProcess;
import io.gracefuldrain.socketio.SocketIoDrain;
import io.gracefuldrain.testing.Await;
import io.gracefuldrain.testing.Ports;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * The lean clients beside the real ones, Java's and JavaScript's, in the same situation at the same
 * server: the same outcome, after waits of the same range.
 */
@Isolated
class LikenessIT {
  private static final int EACH = 4;
  private static final int KINDS = 6;
  private static final Duration SOON = Duration.ofSeconds(30);

  /** A timer may fire a little early by another clock. */
  private static final long EARLY_MS = 20;

  /** The crash plan's window, of so few clients. */
  private static final long PLAN_MS = 1_000;

  /** How late an attempt may begin on a machine that is busy. */
  private static final long LATE_MS = 3_000;

  /** Let go, then refused with 503 for a while, then admitted. */
  @Test
  void drainThenRecall_everyKind_comesBackByItself() throws Exception {
    DrainPolicy policy =
        DrainPolicy.defaults()
            .withReadinessDelayMin(Duration.ZERO)
            .withReadinessDelayMax(Duration.ZERO)
            .withHintGrace(Duration.ofSeconds(1))
            .withMoveWindow(Duration.ofSeconds(2));
    try (DrainCoordinator coordinator = DrainCoordinator.create(policy);
        Server server = new Server(Ports.free(), coordinator);
        StockCrowd stock = new StockCrowd(server.url(), EACH);
        Crowd crowd = crowd(server.url())) {
      coordinator.started();
      awaitConnected(crowd);
      coordinator.drain(DrainReason.MANUAL);
      // Each has been refused at least once.
      Await.until(
          "refused: " + crowd.progress(),
          SOON,
          () -> crowd.progress().refused() == KINDS * EACH && stock.refused() == 2 * EACH);
      coordinator.resume();
      awaitConnected(crowd);
      await("all back", () -> stock.away().size() == 2 * EACH);
      CrowdReport report = crowd.stop();
      assertAlike(report, stock, 1);
      // The aware ones were hinted first, and refused: their tickets lead back.
      for (ClientLedger each : report.clients()) {
        assertThat(each.moves()).hasSize(each.kind().aware() ? 1 : 0).allMatch(Move::failed);
      }
    }
  }

  /** Killed without a word; nobody listens; then another listens there. */
  @Test
  void serverKilled_everyKind_comesBackToTheNext() throws Exception {
    int[] ports = Ports.free(2);
    String arguments = "serve -p " + ports[0] + " -m " + ports[1];
    String url = "http://127.0.0.1:" + ports[0];
    try (AppProcess first = AppProcess.run(arguments).awaitOutput("drain it");
        StockCrowd stock = new StockCrowd(url, EACH);
        Crowd crowd = crowd(url)) {
      awaitConnected(crowd);
      first.signal("KILL");
      await("all away", () -> crowd.progress().away() == KINDS * EACH);
      try (AppProcess second = AppProcess.run(arguments).awaitOutput("drain it")) {
        awaitConnected(crowd);
        await("all back", () -> stock.away().size() == 2 * EACH);
        assertAlike(crowd.stop(), stock, 0);
        assertThat(second.output()).contains("drain it");
      }
    }
  }

  /** The server's own goodbye is final. */
  @Test
  void serverDisconnects_everyKind_staysAway() throws Exception {
    try (DrainCoordinator coordinator = DrainCoordinator.create(DrainPolicy.defaults());
        Server server = new Server(Ports.free(), coordinator);
        StockCrowd stock = new StockCrowd(server.url(), EACH);
        Crowd crowd = crowd(server.url())) {
      coordinator.started();
      awaitConnected(crowd);
      server.server.getAllClients().forEach(SocketIOClient::disconnect);
      await("all away", () -> crowd.progress().away() == KINDS * EACH);
      await("all away", () -> stock.left().size() == 2 * EACH);
      // The longest first back-off is 1.5 s.
      Await.staysSo(
          "all away",
          Duration.ofSeconds(2),
          () -> crowd.progress().away() == KINDS * EACH && stock.away().isEmpty());
      assertThat(stock.left()).containsOnly("io server disconnect");
      assertThat(stock.away()).isEmpty();
      CrowdReport report = crowd.stop();
      assertThat(report.clients()).hasSize(KINDS * EACH);
      for (ClientLedger each : report.clients()) {
        assertThat(each.stays()).extracting(Stay::reason).containsExactly("io server disconnect");
        assertThat(each.gaps()).extracting(Gap::toMs).containsOnlyNulls();
        assertThat(each.gaps()).extracting(Gap::failedConnects).containsExactly(0);
      }
    }
  }

  // ---------------------------------------------------------------- what is alike

  private static void assertAlike(CrowdReport report, StockCrowd stock, int leastFailed) {
    for (ClientLedger each : report.clients()) {
      assertThat(each.gaps()).as("%s", each).hasSize(1);
      Gap gap = each.gaps().get(0);
      long waited = each.kind().tellsBackOff() ? gap.backoffMs() : gap.lengthMs();
      // An aware client that is cut without a word waits as planned, and then as a stock one.
      boolean planned = each.kind().aware() && leastFailed == 0;
      double window = planned ? PLAN_MS + LATE_MS : 0;
      int stockWaits = gap.failedConnects() + (planned ? 0 : 1);
      assertThat(gap.failedConnects()).as("%s", each).isGreaterThanOrEqualTo(leastFailed);
      assertThat((double) waited)
          .as("%s after %d failures", each.kind().text(), gap.failedConnects())
          .isBetween(least(stockWaits), window + most(stockWaits));
      assertThat(gap.backoffMs())
          .isLessThanOrEqualTo(Objects.requireNonNull(gap.toMs()) - gap.fromMs());
    }
    for (StockCrowd.Away each : stock.away()) {
      assertThat(each.failed()).as("%s", each).isGreaterThanOrEqualTo(leastFailed);
      assertThat(each.backoffMs())
          .as("%s after %d failures", each.kind(), each.failed())
          .isBetween(least(each.failed() + 1), most(each.failed() + 1));
      assertThat(each.backoffMs()).isLessThanOrEqualTo(each.ms());
    }
    // The lean client says what the JavaScript one says.
    assertThat(reasons(report, "lean-websocket")).isEqualTo(reasons(stock, "js-websocket"));
    assertThat(reasons(report, "lean-polling")).isEqualTo(reasons(stock, "js-polling"));
  }

  /** The shortest time that so many waits of the stock back-off take together. */
  private static double least(int waits) {
    return middles(waits).map(middle -> Math.min(0.5 * middle, 5_000) - EARLY_MS).sum();
  }

  private static double most(int waits) {
    return middles(waits).map(middle -> Math.min(1.5 * middle, 5_000) + LATE_MS).sum();
  }

  private static DoubleStream middles(int waits) {
    return IntStream.range(0, waits).mapToDouble(i -> 1_000 * Math.pow(2, i));
  }

  private static List<String> reasons(CrowdReport report, String kind) {
    return report.clients().stream()
        .filter(each -> each.kind().text().equals(kind))
        .map(each -> String.valueOf(each.stays().get(0).reason()))
        .distinct()
        .toList();
  }

  private static List<String> reasons(StockCrowd stock, String kind) {
    return stock.away().stream()
        .filter(each -> each.kind().equals(kind))
        .map(StockCrowd.Away::reason)
        .distinct()
        .toList();
  }

  // ---------------------------------------------------------------- the parts

  private static Crowd crowd(String url) {
    return Crowd.start(
        CrowdPlan.defaults(URI.create(url))
            .withClients(
                Map.of(
                    JAVA_WEBSOCKET,
                    EACH,
                    JAVA_POLLING,
                    EACH,
                    LEAN_WEBSOCKET,
                    EACH,
                    LEAN_POLLING,
                    EACH,
                    JAVA_AWARE,
                    EACH,
                    LEAN_AWARE,
                    EACH))
            .withUpMs(50)
            .withRamp(Duration.ZERO));
  }

  private static void awaitConnected(Crowd crowd) {
    Await.until(
        "all connected: " + crowd.progress(),
        SOON,
        () -> crowd.progress().connected() == KINDS * EACH);
  }

  private static void await(String what, BooleanSupplier condition) {
    Await.until(what, SOON, condition);
  }

  /** A server in this process, which can be told what the sample cannot. */
  private static final class Server implements AutoCloseable {
    private final int port;
    final SocketIOServer server;

    Server(int port, DrainCoordinator coordinator) {
      this.port = port;
      Configuration configuration = new Configuration();
      configuration.setHostname("127.0.0.1");
      configuration.setPort(port);
      configuration.setRandomSession(true);
      SocketConfig sockets = new SocketConfig();
      sockets.setReuseAddress(true);
      configuration.setSocketConfig(sockets);
      server = new SocketIOServer(configuration);
      SocketIoDrain.attach(server, coordinator);
      server.addEventListener(
          FeedEvents.WHO_AM_I,
          JsonNode.class,
          (client, data, ack) ->
              ack.sendAckData(Map.of("name", "here", "generation", "1", "phase", "SERVING")));
      server.addEventListener(
          FeedEvents.UP,
          JsonNode.class,
          (client, data, ack) -> ack.sendAckData(Map.of("n", data.path("n").longValue())));
      server.start();
    }

    String url() {
      return "http://127.0.0.1:" + port;
    }

    @Override
    public void close() {
      server.stop();
    }
  }
}
