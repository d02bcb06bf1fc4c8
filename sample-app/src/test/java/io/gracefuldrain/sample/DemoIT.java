package io.gracefuldrain.sample;

import static org.assertj.core.api.Assertions.assertThat;

import io.gracefuldrain.testing.Await;
import io.gracefuldrain.testing.Ports;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The demo as its user sees it: one command, and everything ends with it. */
@Execution(ExecutionMode.CONCURRENT)
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class DemoIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final Duration BOUND = Duration.ofSeconds(10);
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(BOUND).build();

  @Test
  void rollout_twice_podsTakeTurnsACrashIsMendedAndSigtermEndsAllOfThem() throws Exception {
    try (DemoProcess demo = new DemoProcess()) {
      assertThat(demo.pods()).containsExactly("v1-a", "v1-b");
      assertThat(DemoProcess.get(demo.url + "/").statusCode()).isEqualTo(200);
      assertThat(DemoProcess.get("http://127.0.0.1:" + demo.management(0) + "/readyz").statusCode())
          .isEqualTo(200);

      assertThat(post(demo.url, false).statusCode()).isEqualTo(403);
      assertThat(post(demo.url, true).statusCode()).isEqualTo(202);
      HttpResponse<String> second = post(demo.url, true);
      assertThat(second.statusCode()).isEqualTo(409);
      assertThat(second.body()).contains("a rollout cannot begin now: v2 is coming up");
      demo.awaitRollouts(1);
      assertThat(demo.pods()).containsExactly("v2-a", "v2-b");
      assertThat(demo.status().getJSONArray("pods").getJSONObject(0).getInt("port"))
          .isEqualTo(demo.ports[5]);

      List<ProcessHandle> running = demo.process.descendants();
      assertThat(running).hasSize(2);
      running.get(0).destroyForcibly();
      Await.until(
          "a pod in its place",
          SOON,
          () -> demo.status().optString("message").contains("crashed and was started again"));
      Await.until("both serve", SOON, demo::bothServe);

      assertThat(post(demo.url, true).statusCode()).isEqualTo(202);
      demo.awaitRollouts(2);
      assertThat(demo.pods()).containsExactly("v3-a", "v3-b");
      assertThat(demo.process.output())
          .contains("v1-a  MOVING", "v1-a  ended with exit code 143", "v3 serves; v2 is gone.");

      List<ProcessHandle> pods = demo.process.descendants();
      assertThat(pods).hasSize(2);
      demo.process.terminate();
      assertThat(demo.process.awaitExit(BOUND)).isEqualTo(143);
      awaitGone(pods);
    }
  }

  @Test
  void rollout_sparePortTaken_failsAndTheOldPodsServeOnUntilTheDemoIsKilled() throws Exception {
    try (DemoProcess demo = new DemoProcess()) {
      try (ServerSocket held = new ServerSocket(demo.ports[5])) {
        assertThat(post(demo.url, true).statusCode()).isEqualTo(202);
        Await.until(
            "the reason",
            SOON,
            () ->
                demo.status()
                    .optString("message")
                    .startsWith(
                        "The rollout to v2 failed, v1 serves on: --pods: " + held.getLocalPort()));
      }
      assertThat(demo.pods()).containsExactly("v1-a", "v1-b");
      assertThat(post(demo.url, true).statusCode()).isEqualTo(202);
      demo.awaitRollouts(1);

      // Nobody can end them then: each notices it alone.
      List<ProcessHandle> pods = demo.process.descendants();
      assertThat(pods).hasSize(2);
      demo.process.kill();
      awaitGone(pods);
    }
  }

  @Test
  void start_portsTaken_saysWhichAndEnds() throws Exception {
    int[] ports = Ports.free(9);
    for (int taken : new int[] {0, 2, 8}) {
      try (ServerSocket held = new ServerSocket(ports[taken]);
          AppProcess demo = AppProcess.run(DemoProcess.arguments(ports))) {
        assertThat(demo.awaitExit(SOON)).isEqualTo(1);
        assertThat(demo.output())
            .contains(
                "%s: %d (expected: a free port): Address already in use"
                    .formatted(taken == 0 ? "--port" : "--pods", held.getLocalPort()))
            .doesNotContain("Exception");
      }
    }
  }

  private static void awaitGone(List<ProcessHandle> pods) {
    Await.until("no pod is left", BOUND, () -> pods.stream().noneMatch(ProcessHandle::isAlive));
  }

  private static HttpResponse<String> post(String url, boolean withHeader) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url + "/demo/rollout"))
            .timeout(BOUND)
            .POST(BodyPublishers.noBody());
    if (withHeader) {
      request.header("x-graceful-drain-demo", "rollout");
    }
    return HTTP.send(request.build(), BodyHandlers.ofString());
  }
}
