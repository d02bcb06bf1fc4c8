package io.gracefuldrain.sample;

import static org.assertj.core.api.Assertions.assertThat;

import io.gracefuldrain.testing.Await;
import io.gracefuldrain.testing.Ports;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.json.JSONObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A rollout by hand: a front, two pods, stock clients, SIGTERM. Each is a separate process. */
@Execution(ExecutionMode.CONCURRENT)
class RolloutIT {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final Map<String, String> QUICK =
      Map.of(
          "DRAIN_READINESS_DELAY_MIN", "500ms",
          "DRAIN_READINESS_DELAY_MAX", "1s",
          "DRAIN_MOVE_WINDOW", "2s",
          "DRAIN_HINT_GRACE", "500ms");

  private AppProcess front;
  private AppProcess one;
  private AppProcess other;
  private int port;

  @BeforeEach
  void start() throws IOException {
    int[] ports = Ports.free(5);
    port = ports[0];
    one = AppProcess.run(QUICK, "serve -n one -p " + ports[1] + " -m " + ports[2]);
    other = AppProcess.run(QUICK, "serve -n other -p " + ports[3] + " -m " + ports[4]);
    front =
        AppProcess.run(
            "front --port %d --to %d@%d,%d@%d"
                .formatted(port, ports[1], ports[2], ports[3], ports[4]));
    front
        .awaitOutput("127.0.0.1:" + ports[1] + " is ready")
        .awaitOutput("127.0.0.1:" + ports[3] + " is ready");
  }

  @AfterEach
  void stop() {
    for (AppProcess process : new AppProcess[] {front, one, other}) {
      if (process != null) {
        process.close();
      }
    }
  }

  @Test
  void sigterm_feedAndOrderUnderWay_clientsMoveAndTheOrderIsDone() throws Exception {
    try (Browser busy = new Browser(port, "websocket");
        Browser idle = new Browser(port, "websocket");
        Browser poller = new Browser(port, "polling")) {
      List<Browser> all = List.of(busy, idle, poller);
      all.forEach(each -> await("a feed", () -> each.feed.size() > 10));
      String from = busy.pod();
      String to = from.equals("one") ? "other" : "one";
      // One source address: the front keeps them together.
      assertThat(all).extracting(Browser::pod).containsOnly(from);
      assertThat(received(busy.ask("up", Map.of("n", 7)))).isEqualTo("7 by " + from);

      AtomicReference<JSONObject> done = busy.ask("order", Map.of("id", "first"));
      await("progress", () -> busy.progress.size() >= 2);
      AppProcess pod = from.equals("one") ? one : other;
      pod.terminate();

      await("an acknowledged order", () -> done.get() != null);
      assertThat(Browser.text(done, "id")).isEqualTo("first");
      assertThat(Browser.text(done, "pod")).isEqualTo(from);
      assertThat(done.get().getLong("tookMs")).isBetween(4_900L, 9_000L);
      assertThat(busy.progress).extracting(Browser.Progress::percent).contains(10, 50, 100);
      all.forEach(each -> await("all on " + to, () -> each.pod().equals(to)));
      for (Browser each : all) {
        assertThat(each.missingFrom(from)).isEmpty();
        assertThat(each.missingFrom(to)).isEmpty();
        assertThat(each.connects).hasValue(2);
      }
      assertThat(busy.phases).startsWith("UNREADY", "MOVING");
      assertThat(received(busy.ask("up", Map.of("n", 8)))).isEqualTo("8 by " + to);

      assertThat(pod.awaitExit(SOON)).isEqualTo(143);
      assertThat(pod.output()).contains("DRAIN-009").contains("\"remaining\":0");
    }
  }

  private static String received(AtomicReference<JSONObject> answer) {
    await("an answer", () -> answer.get() != null);
    return answer.get().optLong("n") + " by " + Browser.text(answer, "pod");
  }

  private static void await(String what, java.util.function.BooleanSupplier condition) {
    Await.until(what, SOON, condition);
  }
}
