package io.gracefuldrain.sample;

import static org.assertj.core.api.Assertions.assertThat;

import io.gracefuldrain.DrainReason;
import io.gracefuldrain.testing.Ports;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.parallel.Isolated;

/** The page and the aware client in a real Chromium, before the demo and its rollouts. */
@Isolated // what its clients feel is measured
@Timeout(value = 25, unit = TimeUnit.MINUTES)
class ChromiumIT {
  private static final String OUTPUT = Path.of("target", "browser").toAbsolutePath().toString();

  /**
   * A move that is not done within its grace has failed, as it should; a machine that builds and
   * browses at the same time stalls for seconds.
   */
  private static final Map<String, String> PATIENT =
      Map.of("DRAIN_MOVE_WINDOW", "12s", "DRAIN_HINT_GRACE", "6s");

  private static final String TOKEN = "let-me-drain-this-one";

  /** Once, with its own time limit: a Chromium may have to be installed. */
  @BeforeAll
  static void findChromium() throws Exception {
    NodeTests.run("browser/find.mjs", Map.of(), Duration.ofMinutes(12));
  }

  @Test
  void page_throughARollout_showsTheDifference() throws Exception {
    int[] ports = Ports.free(2);
    Map<String, String> quick =
        Map.of(
            "DRAIN_READINESS_DELAY_MIN", "500ms",
            "DRAIN_READINESS_DELAY_MAX", "500ms",
            "DRAIN_MOVE_WINDOW", "2s",
            "DRAIN_HINT_GRACE", "1s",
            "DRAIN_ADMIN_TOKEN", TOKEN);
    try (DemoProcess demo = new DemoProcess(PATIENT);
        AppProcess alone =
            AppProcess.run(quick, "serve -n alone -p " + ports[0] + " -m " + ports[1])) {
      alone.awaitOutput("drain it");
      String output =
          run(
              "browser/page.test.mjs",
              demo,
              Map.of(
                  "ALONE_URL",
                  "http://127.0.0.1:" + ports[0],
                  "ALONE_MANAGEMENT",
                  "http://127.0.0.1:" + ports[1],
                  "ALONE_TOKEN",
                  TOKEN),
              Duration.ofMinutes(5));
      assertThat(output).contains("pass 10", "fail 0", "skipped 0");
    }
  }

  @Test
  @EnabledIfSystemProperty(named = "drain.full", matches = "true")
  void awareClients_inPagesAndInNode_noticeNoRollout() throws Exception {
    Map<String, String> crowd = Map.of("CROWD_SOCKETS", "50", "CROWD_ROLLOUTS", "5");
    String output = beforeADemo("browser/rollouts.test.mjs", crowd, Duration.ofMinutes(20));
    assertThat(output).contains("pass 3", "fail 0", "skipped 0");
  }

  @Test
  void cookieThatLeadsToAPod_isGoneWhenThatPodRefuses() throws Exception {
    try (DrainingServer pod =
        DrainingServer.start("pod-a", policy -> policy.withAffinityCookie(StickyProxy.COOKIE))) {
      pod.coordinator()
          .drain(DrainReason.MANUAL)
          .done()
          .toCompletableFuture()
          .get(30, TimeUnit.SECONDS);
      String output =
          NodeTests.run(
              "browser/cookie.test.mjs",
              Map.of("SERVER_URL", "http://127.0.0.1:" + pod.port()),
              Duration.ofMinutes(2));
      report(output);
      assertThat(output).contains("pass 2", "fail 0", "skipped 0");
    }
  }

  @Test
  @EnabledIfSystemProperty(named = "drain.full", matches = "true")
  void awareClients_inTabsThatAreHiddenAsleepOrOffline_loseNothingThatWasHeld() throws Exception {
    String output = beforeADemo("browser/interrupted.test.mjs", Map.of(), Duration.ofMinutes(5));
    assertThat(output).contains("pass 4", "fail 0", "skipped 0");
  }

  private static String beforeADemo(String tests, Map<String, String> more, Duration bound)
      throws Exception {
    // Without hand-over, or the stock clients among them would lose nothing either.
    Map<String, String> settings = new HashMap<>(PATIENT);
    settings.put("DRAIN_HANDOVER", "off");
    try (DemoProcess demo = new DemoProcess(settings)) {
      return run(tests, demo, more, bound);
    }
  }

  /** Runs tests that know where the demo is and where screenshots go; returns what they print. */
  private static String run(
      String tests, DemoProcess demo, Map<String, String> more, Duration bound) throws Exception {
    Map<String, String> environment = new HashMap<>(more);
    environment.put("DEMO_URL", demo.url);
    environment.put("OUTPUT", OUTPUT);
    String output = NodeTests.run(tests, environment, bound);
    report(output);
    return output;
  }

  /** Which Chromium it was, and what was measured. */
  private static void report(String output) {
    output
        .lines()
        .map(String::strip)
        .filter(line -> line.startsWith("chromium: ") || line.startsWith("{"))
        .forEach(System.out::println);
  }
}
