package io.gracefuldrain.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real crowd moves from a real pod to another, beside the simulation. */
class PlanCheckIT {
  private static final Duration SOON = Duration.ofMinutes(2);

  @Test
  void planCheck_movesEverybody_andSaysWhatTheSimulationSays(@TempDir Path folder)
      throws Exception {
    Path file = folder.resolve("check.json");
    String command = "plan-check --clients 300 --window 3s --plays 5 --json " + file;
    try (AppProcess app = AppProcess.runJar(AppProcess.JAR, Map.of(), command)) {
      assertThat(app.awaitExit(SOON)).as(app.output()).isZero();
      assertThat(app.output())
          .contains("300 moved, 0 forced", "arrivals in 100 ms, peak over mean");
    }

    JSONObject run = new JSONObject(Files.readString(file)).getJSONArray("runs").getJSONObject(0);
    JSONObject real = run.getJSONObject("real");
    JSONObject simulated = run.getJSONArray("simulated").getJSONObject(0);
    assertThat(real.getInt("moved")).isEqualTo(300);
    assertThat(simulated.getInt("moved")).isEqualTo(300);
    assertThat(real.getJSONObject("awayMs").getInt("p50"))
        .isBetween(500, simulated.getJSONObject("awayMs").getInt("p50") + 500);
  }
}
