package io.gracefuldrain.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.json.JSONArray;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;

/** The tables of docs/performance.md are those of its data, and the data hold what it says. */
class PerformancePageTest {
  private static final Path DOCS = Path.of("..", "docs");

  private final JSONArray sizes = sizes();

  private static JSONArray sizes() {
    try {
      return new JSONArray(Files.readString(DOCS.resolve("measuring/results/plan-check.json")));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void table_isThatOfTheData() throws IOException {
    String page = Files.readString(DOCS.resolve("performance.md"));
    assertThat(sizes.length()).isEqualTo(4);
    for (int i = 0; i < sizes.length(); i++) {
      assertThat(page).contains(row(sizes.getJSONObject(i)));
    }
  }

  /** What the page says of all: nobody was cut or refused, and real drains are as even. */
  @Test
  void data_holdWhatThePageSays() {
    for (int i = 0; i < sizes.length(); i++) {
      JSONObject size = sizes.getJSONObject(i);
      for (JSONObject run : runs(size)) {
        JSONObject real = run.getJSONObject("real");
        assertThat(real.getInt("moved")).isEqualTo(size.getInt("clients"));
        assertThat(run.getInt("forced")).isZero();
        assertThat(real.getInt("failedConnects")).isZero();
        double floor = run.getJSONObject("simulatedPeakOverMean").getDouble("median");
        assertThat(real.getDouble("peakOverMean")).isLessThan(1.25 * floor);
      }
    }
  }

  private static String row(JSONObject size) {
    JSONObject simulated = runs(size)[0];
    return "| %s | %s | %s | %s | %s | %s | %s | %s | %s |"
        .formatted(
            String.format(Locale.ROOT, "%,d", size.getInt("clients")),
            spread(size, 2, run -> run.getJSONObject("real").getDouble("peakOverMean")),
            range(simulated.getJSONObject("simulatedPeakOverMean"), 2),
            spread(size, 3, run -> run.getDouble("distance")),
            range(simulated.getJSONObject("simulatedDistance"), 3),
            spread(size, 0, run -> run.getJSONObject("real").getJSONObject("awayMs").getInt("p50")),
            range(simulated.getJSONObject("simulatedAwayP50Ms"), 0),
            spread(
                size, 0, run -> run.getJSONObject("real").getJSONObject("connectMs").getInt("p99")),
            spread(size, 0, run -> run.getInt("processorFromUs"))
                + "; "
                + spread(size, 0, run -> run.getInt("processorToUs")));
  }

  private static JSONObject[] runs(JSONObject size) {
    JSONArray runs = size.getJSONArray("runs");
    return IntStream.range(0, runs.length())
        .mapToObj(runs::getJSONObject)
        .toArray(JSONObject[]::new);
  }

  private static String spread(JSONObject size, int digits, ToDoubleFunction<JSONObject> figure) {
    double[] sorted = Arrays.stream(runs(size)).mapToDouble(figure).sorted().toArray();
    return text(sorted[sorted.length / 2], sorted[0], sorted[sorted.length - 1], digits);
  }

  private static String range(JSONObject range, int digits) {
    return text(
        range.getDouble("median"), range.getDouble("least"), range.getDouble("most"), digits);
  }

  private static String text(double median, double least, double most, int digits) {
    String form = "%." + digits + "f";
    return String.format(
        Locale.ROOT, form + " (" + form + " to " + form + ")", median, least, most);
  }
}
