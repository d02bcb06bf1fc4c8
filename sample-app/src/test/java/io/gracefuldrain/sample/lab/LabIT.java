package io.gracefuldrain.sample.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.gracefuldrain.lab.report.Experiment;
import io.gracefuldrain.lab.report.ExperimentJson;
import io.gracefuldrain.lab.report.MarkKind;
import io.gracefuldrain.lab.report.PodLane;
import io.gracefuldrain.lab.report.Run;
import io.gracefuldrain.lab.report.Verdict;
import io.gracefuldrain.lab.results.Move;
import io.gracefuldrain.sample.AppProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** Two small rollouts, each pod in a separate process. */
@Isolated
class LabIT {
  private static final Duration MOST = Duration.ofMinutes(3);
  private static final Map<String, String> QUICK =
      Map.of(
          "DRAIN_READINESS_DELAY_MIN", "500ms",
          "DRAIN_READINESS_DELAY_MAX", "4s",
          "DRAIN_MOVE_WINDOW", "4s",
          "DRAIN_HINT_GRACE", "2s");

  @TempDir Path folder;

  @Test
  @EnabledIfSystemProperty(named = "drain.full", matches = "true")
  void rollout_noneAndGraceful_onlyTheSecondHolds() throws Exception {
    Path json = folder.resolve("e.json");
    Path page = folder.resolve("e.html");
    try (AppProcess lab =
        AppProcess.run(
            QUICK,
            "rollout --strategy none,graceful --order-every 7s --clients java-websocket=3,lean-websocket=3,lean-polling=2,java-aware=3,lean-aware=3"
                + " --propagation 1500ms..2500ms --json %s --report %s".formatted(json, page))) {
      assertThat(lab.awaitExit(MOST)).as(lab.output()).isZero();
      assertThat(lab.output()).contains("criteria").contains("report  " + page.toAbsolutePath());

      Experiment experiment = ExperimentJson.read(json);
      assertThat(experiment.objections()).isEmpty();
      Run none = experiment.runs().get(0);
      Run graceful = experiment.runs().get(1);
      assertThat(none.holds()).isFalse();
      assertThat(none.crowd().orderMs()).isEqualTo(7_000);
      assertThat(finishesWork(none)).isFalse();
      assertThat(finishesWork(graceful)).isTrue();
      assertThat(graceful.holds()).isTrue();
      assertThat(graceful.receipts()).hasSize(2);
      assertThat(graceful.replaced()).hasSize(2);
      graceful.replaced().forEach(LabIT::keptTheKubeletsOrder);
      for (Run run : List.of(none, graceful)) {
        assertThat(run.pods()).hasSize(4);
        assertThat(run.crowd().clients()).hasSize(14);
        assertThat(run.sessions()).hasSizeGreaterThanOrEqualTo(28);
      }
      assertThat(verdict(none, "aware clients are never").result())
          .isEqualTo(Verdict.Result.NOT_APPLICABLE);
      assertThat(moved(none)).isZero();
      assertThat(verdict(graceful, "aware clients are never").result())
          .isEqualTo(Verdict.Result.PASS);
      assertThat(moved(graceful)).isGreaterThanOrEqualTo(6);
      assertThat(Files.readString(page)).contains("old-1", "new-2");
    }
  }

  /** Behind a proxy whose cookie leads to a pod for as long as that accepts. */
  @Test
  @EnabledIfSystemProperty(named = "drain.full", matches = "true")
  void rollout_sticky_refusalsFreeStockClientsAndAwareOnesLand() throws Exception {
    Run run =
        only(
            "--sticky --clients java-websocket=4,java-polling=2,java-upgrade=2,java-aware=4",
            QUICK);
    assertThat(verdict(run, "a refusal frees").result()).isEqualTo(Verdict.Result.PASS);
    assertThat(verdict(run, "aware clients land").result()).isEqualTo(Verdict.Result.PASS);
    assertThat(verdict(run, "aware clients are never").result()).isEqualTo(Verdict.Result.PASS);
    assertThat(run.holds()).isTrue();
  }

  /** The receipt counts those that the sidecar cut. */
  @Test
  @EnabledIfSystemProperty(named = "drain.full", matches = "true")
  void rollout_sidecarEndsInTheLameDuck_allAreLostAndItShows() throws Exception {
    Map<String, String> late = new HashMap<>(QUICK);
    late.put("DRAIN_READINESS_DELAY_MIN", "4s");
    Run run = only("--sidecar-ends-after 2s --clients java-websocket=3,lean-aware=3", late);
    assertThat(run.holds()).isFalse();
    assertThat(run.replaced()).allMatch(pod -> pod.has(MarkKind.SIDECAR_ENDED));
    assertThat(run.receipts())
        .allSatisfy(
            receipt -> assertThat(receipt.outcomes()).containsEntry("LOST", receipt.tracked()));
  }

  private Run only(String options, Map<String, String> environment) throws Exception {
    Path json = folder.resolve("e.json");
    Path page = folder.resolve("e.html");
    try (AppProcess lab =
        AppProcess.run(
            environment,
            "rollout --strategy graceful --order-every 0s %s --json %s --report %s"
                .formatted(options, json, page))) {
      lab.awaitExit(MOST);
      assertThat(json).as(lab.output()).exists();
    }
    return ExperimentJson.read(json).runs().get(0);
  }

  @Test
  void rollout_reportThatCannotBeWritten_saysSoAtOnce() throws Exception {
    Path nowhere = folder.resolve("missing").resolve("e.html");
    try (AppProcess lab = AppProcess.run("rollout --report " + nowhere)) {
      assertThat(lab.awaitExit(Duration.ofSeconds(30))).isEqualTo(1);
      assertThat(lab.output().strip())
          .isEqualTo("--report: " + nowhere + " (expected: a file in a folder that is there)");
    }
  }

  private static boolean finishesWork(Run run) {
    return !verdict(run, "work in flight is finished").failed();
  }

  private static Verdict verdict(Run run, String criterion) {
    return run.verdicts().stream()
        .filter(each -> each.criterion().startsWith(criterion))
        .findFirst()
        .orElseThrow();
  }

  private static long moved(Run run) {
    return run.crowd().clients().stream()
        .flatMap(each -> each.moves().stream())
        .filter(Move::landed)
        .count();
  }

  private static void keptTheKubeletsOrder(PodLane pod) {
    List<MarkKind> order =
        List.of(
            MarkKind.CREATED,
            MarkKind.UP,
            MarkKind.READY,
            MarkKind.DELETED,
            MarkKind.PRE_STOP_ENDED,
            MarkKind.SIGTERM,
            MarkKind.EXITED);
    assertThat(order.stream().map(kind -> pod.at(kind).orElseThrow()).toList()).isSorted();
    assertThat(pod.exitCode()).isEqualTo(143);
    assertThat(pod.has(MarkKind.SIGKILL)).isFalse();
  }
}
