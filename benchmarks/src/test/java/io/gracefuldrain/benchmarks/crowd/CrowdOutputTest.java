package io.gracefuldrain.benchmarks.crowd;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables, files and drawings, of results that were made up. */
class CrowdOutputTest {
  @TempDir private Path folder;

  @Test
  void table_hasMediansAndSums() {
    String table = new CrowdTable(results(0)).text();

    assertThat(table)
        .contains("| 1,000 | floor | | | | | 1.70 (1.50 to 2.00) | | | |")
        .contains("| 1,000 | graceful-drain | 2,000 | 0 | 0 | 11.0 | 1.25 (1.20 to 1.30) |")
        .contains("| 1.00 of 2.0 ms | 40; 90 |")
        .doesNotContain("not answered");
  }

  @Test
  void table_ofUploads_saysWhatWasNotAnswered() {
    assertThat(new CrowdTable(results(100)).text())
        .contains("Messages sent; not answered")
        .contains("| 200; 4 |");
  }

  @Test
  void results_areTheSameAfterTheyWereWritten() throws Exception {
    Path file = folder.resolve("results.json");
    results(0).write(file);
    assertThat(new CrowdTable(CrowdResults.read(file)).text())
        .isEqualTo(new CrowdTable(results(0)).text());
  }

  @Test
  void drawings_areXml_andFollowTheReadersGround() throws Exception {
    CrowdPlots plots = new CrowdPlots(results(0));
    for (String drawing : List.of(plots.arrivals(), plots.peaks(), plots.processor())) {
      var document =
          DocumentBuilderFactory.newInstance()
              .newDocumentBuilder()
              .parse(new ByteArrayInputStream(drawing.getBytes(StandardCharsets.UTF_8)));
      assertThat(document.getElementsByTagName("path").getLength()).isPositive();
      assertThat(drawing)
          .contains("prefers-color-scheme: dark", "graceful-drain")
          .doesNotContain("NaN", "Infinity");
    }
  }

  @Test
  void plot_drawsWhatARunHasWritten() throws Exception {
    Path file = folder.resolve("results.json");
    results(0).write(file);

    int code = CrowdCommand.run("--plot", file.toString(), "--to", folder.toString());

    assertThat(code).isZero();
    assertThat(Files.readString(folder.resolve("crowd-peak.svg"))).startsWith("<svg");
    assertThat(folder.resolve("crowd-arrivals.svg")).exists();
    assertThat(folder.resolve("crowd-processor.svg")).exists();
  }

  @Test
  void arguments_thatCannotBe_areRefused() {
    assertThat(CrowdCommand.run("--sizes", "1000,30000")).isEqualTo(2);
    assertThat(CrowdCommand.run("--ways", "slow")).isEqualTo(2);
    assertThat(CrowdCommand.run("--plot", "results.json")).isEqualTo(2);
  }

  private static CrowdResults results(long everyMs) {
    List<Found> runs = new ArrayList<>();
    for (Way way : List.of(Way.OURS, Way.KILL)) {
      for (int run = 1; run <= 2; run++) {
        runs.add(found(way, run, everyMs));
      }
    }
    List<Floor> floors = List.of(new Floor(1_000, 50, 1.7, 1.5, 2.0));
    return new CrowdResults("2026-11-30", "crowd", "17", 2, 10_000, everyMs, floors, runs);
  }

  private static Found found(Way way, int run, long everyMs) {
    Quantiles same = new Quantiles(1.001, 1.01);
    return new Found(
        way,
        1_000,
        run,
        0.5,
        5_000,
        new Found.Crowd(1_000, 0, 0, 0, same, same, same, everyMs, everyMs / 50),
        new Found.Arrivals(2_000, 9_500, 11_000, 1.1 + 0.1 * run, same, List.of(0, 3, 4, 0, 9)),
        new Found.Bystanding(new Quantiles(1, 2), new Quantiles(1, 2), same, same),
        new Found.Cost(50, 40, 15, 100, 90));
  }
}
