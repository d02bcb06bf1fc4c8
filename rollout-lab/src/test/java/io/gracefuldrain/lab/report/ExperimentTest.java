package io.gracefuldrain.lab.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.gracefuldrain.lab.results.Gap;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExperimentTest {
  @Test
  void objections_subjectHoldsAndControlBreaks_none() {
    assertThat(of(broken(), Runs.good().build()).objections()).isEmpty();
  }

  @Test
  void objections_subjectBreaks_namesTheCriterion() {
    Runs subject = Runs.good();
    subject.receipts.clear();
    assertThat(of(broken(), subject.build()).objections())
        .containsExactly("graceful: every connection has its outcome: old-1 left no receipt");
  }

  @Test
  void objections_controlHolds_theCheckIsNone() {
    assertThat(of(Runs.good().plain().build(), Runs.good().build()).objections())
        .singleElement()
        .asString()
        .startsWith("none: holds every criterion");
  }

  @Test
  void objections_controlAlone_none() {
    assertThat(of(Runs.good().plain().build()).objections()).isEmpty();
  }

  @Test
  void json_thereAndBack_isTheSame(@TempDir Path folder) throws Exception {
    Experiment experiment = of(broken(), Runs.good().build());
    Path file = folder.resolve("e.json");
    ExperimentJson.write(experiment, file);
    assertThat(ExperimentJson.read(file)).isEqualTo(experiment);
  }

  @Test
  void table_eachRun_hasARowAndItsVerdicts() {
    String text = ResultTable.text(of(broken(), Runs.good().build()));
    assertThat(text.lines().filter(line -> line.startsWith("none  "))).hasSize(1);
    assertThat(text.lines().filter(line -> line.startsWith("graceful  ")))
        .singleElement()
        .asString()
        .contains("1.0, 1", "1.1 / 1.1 s", "1.0 / 1.0 s", "1.05", "143", "0 of 8");
    String cut = ResultTable.text(of(Runs.good().cut(0).build()));
    assertThat(cut.lines().filter(line -> line.startsWith("graceful  ")))
        .singleElement()
        .asString()
        .containsPattern(" 1( +–){10} +143 +1 of 8");
    assertThat(text).contains("FAIL  every connect succeeds: 3 failed");
  }

  private static Run broken() {
    return Runs.good().plain().gap(0, new Gap(Runs.ZERO, Runs.ZERO + 1_050, 1_000, 3)).build();
  }

  private static Experiment of(Run... runs) {
    return new Experiment("t", "2026-01-01T00:00:00Z", "c", Map.of("cores", "2"), List.of(runs));
  }
}
