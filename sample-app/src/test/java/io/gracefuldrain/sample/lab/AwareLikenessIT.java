package io.gracefuldrain.sample.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.gracefuldrain.lab.crowd.Crowd;
import io.gracefuldrain.lab.crowd.CrowdPlan;
import io.gracefuldrain.lab.results.ClientKind;
import io.gracefuldrain.lab.results.ClientLedger;
import io.gracefuldrain.lab.results.CrowdReport;
import io.gracefuldrain.lab.results.Move;
import io.gracefuldrain.sample.AppProcess;
import io.gracefuldrain.sample.NodeProcess;
import io.gracefuldrain.testing.Await;
import io.gracefuldrain.testing.Ports;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * The lean aware clients beside the real ones, Java's and JavaScript's, hinted by the same pod in
 * the same drain: the same moves, at about the same cost.
 */
@Isolated
class AwareLikenessIT {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final int EACH = 4;
  private static final int FEED_MS = 20;
  private static final int GRACE_MS = 2_000;

  /** Of the overlap, half a second, with room for a machine that is busy. */
  private static final long LEAST_DROPPED = 400 / FEED_MS;

  private static final long MOST_DROPPED = 3_000 / FEED_MS;

  private static final Path JAVASCRIPT = Path.of("../drain-client-js/dist/drain-client.cjs");

  private static final Map<String, String> QUICK =
      Map.of(
          "DRAIN_READINESS_DELAY_MIN", "500ms",
          "DRAIN_READINESS_DELAY_MAX", "1s",
          "DRAIN_MOVE_WINDOW", "4s",
          "DRAIN_HINT_GRACE", GRACE_MS + "ms");

  private final List<AutoCloseable> parts = new ArrayList<>();

  /** A client's move and its application's view, whichever program it is. */
  private record View(
      String kind,
      Move.Figures move,
      long without,
      long missing,
      long again,
      long sent,
      long acknowledged) {}

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable part : parts) {
      part.close();
    }
  }

  @Test
  void drain_everyAwareKind_movesOnceAndNoticesNothing() throws Exception {
    int[] ports = Ports.free(5);
    AppProcess one = run("serve -n one -p " + ports[1] + " -m " + ports[2]);
    AppProcess front =
        run(
            "front --port %d --to %d@%d,%d@%d"
                .formatted(ports[0], ports[1], ports[2], ports[3], ports[4]));
    front.awaitOutput("127.0.0.1:" + ports[1] + " is ready");
    String url = "http://127.0.0.1:" + ports[0];
    Crowd crowd = part(crowd(url));
    boolean javaScript = Files.exists(JAVASCRIPT);
    NodeProcess node = null;
    if (javaScript) {
      node =
          part(
              new NodeProcess(
                  "aware.js",
                  List.of(
                      JAVASCRIPT.toAbsolutePath().toString(),
                      url,
                      String.valueOf(EACH),
                      String.valueOf(FEED_MS))));
    }
    Await.until("all connected", SOON, () -> crowd.progress().named() == 2 * EACH);
    run("serve -n other -p " + ports[3] + " -m " + ports[4]);
    front.awaitOutput("127.0.0.1:" + ports[3] + " is ready");
    one.terminate();
    assertThat(one.awaitExit(SOON)).isEqualTo(143);
    assertThat(one.output()).contains("\"LANDED\":" + (javaScript ? 3 : 2) * EACH);
    // So that each has heard something from where it is now.
    long before = crowd.progress().received();
    Await.until(
        "more of the feed",
        SOON,
        () -> crowd.progress().received() > before + 2 * EACH * (300L / FEED_MS));

    List<View> views = new ArrayList<>(views(crowd.stop()));
    if (node != null) {
      node.end();
      views.addAll(views(node.told()));
    }
    assertThat(views).hasSize((javaScript ? 3 : 2) * EACH);
    for (View each : views) {
      assertThat(each.without()).as("%s", each).isZero();
      assertThat(each.missing()).as("%s", each).isZero();
      assertThat(each.again()).as("%s", each).isZero();
      assertThat(each.acknowledged()).as("%s", each).isPositive().isEqualTo(each.sent());
      assertThat(each.move().connectMs()).as("%s", each).isLessThanOrEqualTo(each.move().tookMs());
      assertThat(each.move().tookMs()).as("%s", each).isLessThan(GRACE_MS);
      assertThat(each.move().downtimeMs()).as("%s", each).isZero();
      assertThat(each.move().duplicates()).as("%s", each).isBetween(LEAST_DROPPED, MOST_DROPPED);
    }
  }

  private static List<View> views(CrowdReport report) {
    return report.clients().stream()
        .map(
            each ->
                new View(
                    each.kind().text(),
                    figures(each),
                    each.without().count(),
                    each.counts().missing(),
                    each.counts().duplicated() + each.counts().reordered(),
                    each.counts().sent(),
                    each.counts().acknowledged()))
        .toList();
  }

  private static Move.Figures figures(ClientLedger client) {
    assertThat(client.moves()).as("%s", client).hasSize(1);
    assertThat(client.counts().dropped()).as("%s", client).isGreaterThanOrEqualTo(LEAST_DROPPED);
    return Objects.requireNonNull(client.moves().get(0).figures());
  }

  private static List<View> views(List<JsonNode> told) {
    return told.stream()
        .filter(JsonNode::isObject)
        .map(
            each -> {
              assertThat(each.path("moves")).as("%s", each).hasSize(1);
              assertThat(each.path("failed").asInt()).isZero();
              JsonNode move = each.path("moves").path(0);
              return new View(
                  "js-aware",
                  new Move.Figures(
                      move.path("connectMs").asLong(),
                      move.path("tookMs").asLong(),
                      move.path("held").asLong(),
                      move.path("duplicates").asLong(),
                      move.path("downtimeMs").asLong()),
                  each.path("disconnects").asLong(),
                  each.path("missing").asLong(),
                  each.path("again").asLong(),
                  each.path("sent").asLong(),
                  each.path("acknowledged").asLong());
            })
        .toList();
  }

  // ---------------------------------------------------------------- the parts

  private <T extends AutoCloseable> T part(T part) {
    parts.add(part);
    return part;
  }

  private AppProcess run(String arguments) throws Exception {
    return part(AppProcess.run(QUICK, arguments));
  }

  private static Crowd crowd(String url) {
    return Crowd.start(
        CrowdPlan.defaults(URI.create(url))
            .withClients(Map.of(ClientKind.JAVA_AWARE, EACH, ClientKind.LEAN_AWARE, EACH))
            .withFeedMs(FEED_MS)
            .withUpMs(100)
            .withRamp(Duration.ofMillis(200)));
  }
}
