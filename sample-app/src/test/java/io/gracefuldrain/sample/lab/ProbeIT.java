package io.gracefuldrain.sample.lab;

import static io.gracefuldrain.lab.results.ClientKind.JAVA_UPGRADE;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.gracefuldrain.lab.crowd.Crowd;
import io.gracefuldrain.lab.crowd.CrowdPlan;
import io.gracefuldrain.lab.results.ClientKind;
import io.gracefuldrain.lab.results.ClientLedger;
import io.gracefuldrain.lab.results.Counts;
import io.gracefuldrain.lab.results.CrowdReport;
import io.gracefuldrain.lab.results.Gap;
import io.gracefuldrain.lab.results.Move;
import io.gracefuldrain.lab.results.Stay;
import io.gracefuldrain.sample.AppProcess;
import io.gracefuldrain.sample.Browser;
import io.gracefuldrain.sample.RawHttp;
import io.gracefuldrain.testing.Await;
import io.gracefuldrain.testing.Ports;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** A crowd of every kind against the real server: it counts right, and it sees a loss. */
@Isolated
class ProbeIT {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final int EACH = 3;
  private static final int ALL = EACH * ClientKind.values().length;
  private static final int FEED_MS = 20;
  private static final Map<String, String> QUICK =
      Map.of(
          "DRAIN_READINESS_DELAY_MIN", "500ms",
          "DRAIN_READINESS_DELAY_MAX", "1s",
          // A move that is not done within its grace has failed, and a busy machine stalls for
          // seconds.
          "DRAIN_MOVE_WINDOW", "8s",
          "DRAIN_HINT_GRACE", "4s",
          "DRAIN_SETTLE_GRACE", "7s");

  private final List<AppProcess> processes = new ArrayList<>();

  @AfterEach
  void stop() {
    processes.forEach(AppProcess::close);
  }

  @Test
  void quietRun_nothingIsLost_thenAStallShows() throws Exception {
    int[] ports = Ports.free(2);
    AppProcess pod = run("serve -n alone -p " + ports[0] + " -m " + ports[1]);
    pod.awaitOutput("drain it");
    try (Crowd quiet = crowd(ports[0])) {
      awaitAll(quiet);
      await("a feed", () -> quiet.progress().received() > ALL * 50L);
      CrowdReport report = quiet.stop();
      assertThat(report.totals()).hasSize(ClientKind.values().length);
      for (ClientLedger each : report.clients()) {
        assertNothingLost(each);
        assertThat(each.gaps()).isEmpty();
        assertThat(each.stays()).extracting(Stay::pod).containsExactly("alone");
        assertThat(each.counts().acknowledged()).isPositive();
        assertThat(each.counts().sent() - each.counts().acknowledged())
            .as("on its way in the moment of the stop")
            .isBetween(0L, 1L);
        assertThat(each.counts().unanswered()).isZero();
        Stay stay = each.stays().get(0);
        assertThat(stay.toMs()).isNull();
        assertThat(stay.received()).isEqualTo(each.counts().received());
        assertThat(stay.acknowledged()).isEqualTo(each.counts().acknowledged());
      }
      assertThat(sids(report)).hasSize(ALL).doesNotContain("null");
    }
    // The server makes up for 40 numbers and leaves the others out.
    try (Crowd stalled = crowd(ports[0])) {
      awaitAll(stalled);
      pod.signal("STOP");
      Thread.sleep(2_500);
      pod.signal("CONT");
      long least = ALL * 60L; // of some 125 each
      await("the loss", () -> stalled.progress().missingConnected() >= least);
      for (CrowdReport.Totals each : stalled.stop().totals()) {
        assertThat(each.counts().missingConnected()).isPositive();
        assertThat(each.moves()).isZero();
        // Counted from when it was due, the stall shows in every latency.
        assertThat(each.ackLatency().maxMs()).isGreaterThan(2_000);
      }
    }
  }

  @Test
  void drainBehindAFront_eachMovesOnceAndLosesNothing() throws Exception {
    Pods pods = pods();
    try (Crowd crowd = crowd(pods.port)) {
      pods.second(crowd);
      pods.first.terminate();
      assertThat(pods.first.awaitExit(SOON)).isEqualTo(143);
      awaitAll(crowd);
      awaitMoreOfTheFeed(crowd);
      CrowdReport report = crowd.stop();
      assertThat(report.clients())
          .extracting(ClientLedger::source)
          .contains("127.0.0.1", "127.0.0.2");
      for (ClientLedger each : report.clients()) {
        assertNothingLost(each);
        if (each.kind().aware()) {
          assertMovedUnnoticed(each);
        } else {
          assertMovedOnce(each);
          assertThat(each.gaps()).extracting(Gap::failedConnects).containsExactly(0);
        }
        assertThat(each.counts().sent()).as("%s", each).isEqualTo(each.counts().acknowledged());
      }
      // The front sends pollers elsewhere at once, and their orders are out of their sight.
      assertThat(orders(report, Counts::ordersDone)).isPositive();
      // One may have come too late to be begun, which a client cannot tell from a cut.
      assertThat(orders(report, Counts::ordersCut)).as("%s", report).isLessThan(2);
      assertThat(pods.first.output()).contains("\"FORCED\":0");
      for (CrowdReport.Totals each : report.totals()) {
        assertThat(each.moves()).isEqualTo(EACH);
        if (each.kind().aware()) {
          assertThat(each.landed()).isEqualTo(EACH);
          assertThat(each.whileMoving().count()).isPositive();
          assertThat(each.atPeers().count()).isEqualTo(each.whileMoving().count());
          continue;
        }
        assertThat(each.atPeers().count()).isZero();
        assertThat(each.gap().count()).isEqualTo(EACH);
        assertThat(each.gapRatioPermille()).isGreaterThanOrEqualTo(1_000);
      }
    }
  }

  @Test
  void killBehindAFront_theLossShows() throws Exception {
    Pods pods = pods();
    try (Crowd crowd = crowd(pods.port)) {
      pods.second(crowd);
      pods.first.signal("KILL");
      await("gaps", () -> crowd.progress().gaps() >= ALL);
      awaitAll(crowd);
      awaitMoreOfTheFeed(crowd);
      CrowdReport report = crowd.stop();
      assertThat(orders(report, Counts::ordersCut)).isPositive();
      for (ClientLedger each : report.clients()) {
        assertMovedOnce(each);
        if (each.kind().aware()) {
          assertThat(each.without().count()).isEqualTo(1);
          assertThat(each.moves()).isEmpty();
          continue;
        }
        assertThat(each.counts().missingAway()).isGreaterThanOrEqualTo(400 / FEED_MS);
        // The messages due meanwhile count from that time.
        assertThat(each.ackLatency().maxMs()).isGreaterThanOrEqualTo(400);
      }
    }
  }

  @Test
  void command_interrupted_reportsAtOnce(@TempDir Path folder) throws Exception {
    int[] ports = Ports.free(2);
    AppProcess pod = run("serve -n alone -p " + ports[0] + " -m " + ports[1]);
    pod.awaitOutput("drain it");
    Path file = folder.resolve("report.json");
    AppProcess probe =
        run(
            "probe http://127.0.0.1:%d --clients lean-polling=2,java-upgrade=1 --feed-ms 20 -d 10m --json %s"
                .formatted(ports[0], file));
    Await.until("all are connected", SOON, () -> connections(ports[1]) == 3);
    // The probe's clients came first and get 25 messages for each one of this client.
    try (Browser witness = new Browser(ports[0], "polling", 500)) {
      await("a feed", () -> witness.feed.size() >= 3);
    }
    probe.signal("INT");
    assertThat(probe.awaitExit(SOON)).as(probe.output()).isEqualTo(130);
    assertThat(probe.output())
        .containsPattern("java-upgrade +lean-polling\n")
        .containsPattern("clients +1 +2\n");
    CrowdReport report = new ObjectMapper().readValue(file.toFile(), CrowdReport.class);
    assertThat(report.clients()).hasSize(3);
    assertThat(report.totals())
        .extracting(CrowdReport.Totals::kind)
        .first()
        .isEqualTo(JAVA_UPGRADE);
    assertThat(report.totals()).allMatch(each -> each.counts().received() > 0);
  }

  // ---------------------------------------------------------------- the parts

  /** A front, the first pod of a crowd, and the pod that comes later. */
  private final class Pods {
    final int port;
    final AppProcess first;
    private final AppProcess front;
    private final int[] ports;

    Pods(int[] ports) throws Exception {
      this.ports = ports;
      port = ports[0];
      first = run("serve -n one -p " + ports[1] + " -m " + ports[2]);
      front =
          run(
              "front --port %d --to %d@%d,%d@%d"
                  .formatted(ports[0], ports[1], ports[2], ports[3], ports[4]));
      front.awaitOutput("127.0.0.1:" + ports[1] + " is ready");
    }

    /** Starts the second when all are on the first. */
    void second(Crowd crowd) throws Exception {
      awaitAll(crowd);
      run("serve -n other -p " + ports[3] + " -m " + ports[4]);
      front.awaitOutput("127.0.0.1:" + ports[3] + " is ready");
    }
  }

  private Pods pods() throws Exception {
    return new Pods(Ports.free(5));
  }

  private AppProcess run(String arguments) throws Exception {
    AppProcess process = AppProcess.run(QUICK, arguments);
    processes.add(process);
    return process;
  }

  private static Crowd crowd(int port) throws Exception {
    return Crowd.start(
        CrowdPlan.defaults(URI.create("http://127.0.0.1:" + port))
            .withClients(
                Arrays.stream(ClientKind.values())
                    .collect(Collectors.toMap(Function.identity(), kind -> EACH)))
            .withSources(List.of(loopback(1), loopback(2)))
            .withFeedMs(FEED_MS)
            .withUpMs(100)
            .withOrderEvery(Duration.ofSeconds(7))
            .withRamp(Duration.ofMillis(200)));
  }

  private static InetAddress loopback(int last) throws UnknownHostException {
    return InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) last});
  }

  private static void assertNothingLost(ClientLedger each) {
    assertThat(each.counts().missingConnected()).as("missing, connected: %s", each).isZero();
    assertThat(each.counts().duplicated()).as("duplicated: %s", each).isZero();
    assertThat(each.counts().reordered()).as("reordered: %s", each).isZero();
    assertThat(each.counts().wrongAcknowledgements()).as("wrong acks: %s", each).isZero();
    assertThat(each.firstConnectFailures()).as("failed: %s", each).isZero();
  }

  private static long orders(CrowdReport report, ToLongFunction<Counts> figure) {
    return report.clients().stream()
        .filter(each -> each.kind().overWebSocket())
        .map(ClientLedger::counts)
        .mapToLong(figure)
        .sum();
  }

  private static void assertMovedOnce(ClientLedger each) {
    assertThat(each.stays()).as("%s", each).extracting(Stay::pod).containsExactly("one", "other");
    assertThat(each.gaps()).as("%s", each).hasSize(1);
    if (!each.kind().aware()) { // these come back as planned
      assertThat(each.gaps().get(0).backoffMs()).isGreaterThanOrEqualTo(480);
    }
  }

  private static void assertMovedUnnoticed(ClientLedger each) {
    assertThat(each.stays()).as("%s", each).extracting(Stay::pod).containsExactly("one", "other");
    assertThat(each.stays().get(1).fromMs())
        .isLessThanOrEqualTo(Objects.requireNonNull(each.stays().get(0).toMs()));
    assertThat(each.moves()).as("%s", each).singleElement().matches(Move::landed);
    assertThat(each.without()).as("%s", each).isEqualTo(new ClientLedger.Without(0, 0));
    assertThat(each.counts().missing()).as("%s", each).isZero();
    assertThat(each.counts().dropped()).as("%s", each).isPositive();
  }

  private static Set<String> sids(CrowdReport report) {
    Set<String> sids = new HashSet<>();
    report.clients().forEach(each -> sids.add(String.valueOf(each.stays().get(0).sid())));
    return sids;
  }

  private static void awaitAll(Crowd crowd) {
    await("all connected", () -> crowd.progress().named() == ALL);
  }

  /** Waits until each has heard something from where it is now: all get the same feed. */
  private static void awaitMoreOfTheFeed(Crowd crowd) {
    long before = crowd.progress().received();
    await("more of the feed", () -> crowd.progress().received() > before + ALL * (300L / FEED_MS));
  }

  private static int connections(int managementPort) {
    try {
      String status = RawHttp.ask(managementPort, "GET /drain HTTP/1.0");
      return new ObjectMapper()
          .readTree(status.substring(status.indexOf('{')))
          .path("connections")
          .asInt();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void await(String what, BooleanSupplier condition) {
    Await.until(what, SOON, condition);
  }
}
