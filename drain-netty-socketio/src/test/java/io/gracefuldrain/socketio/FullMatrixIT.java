package io.gracefuldrain.socketio;

import io.gracefuldrain.DrainReport;
import io.gracefuldrain.Pacing;
import io.gracefuldrain.socketio.TestCrowd.Upload;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * The long version of {@link EveryClientIT}. It plays several rounds of each scenario with 24
 * clients of each kind, kind by kind. Then all kinds together go through many bursts of uploads. It
 * writes its numbers to {@code target/full-matrix.json}.
 */
@EnabledIfSystemProperty(named = "drain.full", matches = "true")
@Isolated("a crowd keeps the processors busy")
class FullMatrixIT {
  private static final int EACH = 24;
  private static final int ROUNDS = 2;
  private static final int BURSTS_EACH = 3;
  private static final int BURSTS_ROUNDS = 40;
  private static final MatrixSummary SUMMARY = new MatrixSummary();

  /** What happens while the crowd is let go. */
  private enum Scenario {
    /** A feed to the clients, and uploads from them. Slots are spread evenly over the window. */
    STEADY,
    /** The same in two namespaces of each connection. */
    NAMESPACES,
    /** All at once. Each client has events queued at its slot, and uploads all it can. */
    HEAVY
  }

  @AfterAll
  static void write() throws Exception {
    SUMMARY.write();
  }

  @Test
  void drain_everyKindSeveralTimes_nothingIsLost() {
    SoftAssertions softly = new SoftAssertions();
    for (ClientKind kind : ClientKind.values()) {
      for (Scenario scenario : Scenario.values()) {
        for (int round = 1; round <= ROUNDS; round++) {
          softly
              .assertThatCode(() -> play(scenario, kind))
              .as("%s %s, round %d", kind, scenario, round)
              .doesNotThrowAnyException();
        }
      }
    }
    softly.assertAll();
  }

  private static void play(Scenario scenario, ClientKind kind) throws Exception {
    boolean heavy = scenario == Scenario.HEAVY;
    try (Rollout rollout = new Rollout(EnumSet.of(kind), EACH, pod -> heavy ? atOnce(pod) : pod)) {
      if (scenario == Scenario.NAMESPACES) {
        rollout.into(FeedServer.MAIN, "/chat");
      }
      rollout.arrive(heavy ? Upload.HEAVY : Upload.STEADY);
      rollout.flows(rollout.podA());
      LastWords lastWords = new LastWords(rollout.podA());
      if (heavy) {
        lastWords.prepare();
      }
      DrainReport report = rollout.drain();
      lastWords.allSaid();
      List<KindResult> results = rollout.settle();
      SUMMARY.add(scenario.name(), results, report);
      EveryClientIT.everybodyWasLetGo(report, EACH);
      EveryClientIT.nothingIsLost(results, EACH);
    }
  }

  @Test
  void drain_againAndAgainUnderBurstsOfUploads_nothingAcknowledgedIsLost() throws Exception {
    Set<ClientKind> kinds = ClientKind.all();
    UnaryOperator<FeedServer.Builder> pods = Bursts::atOnce;
    try (Rollout rollout = new Rollout(kinds, BURSTS_EACH, pods)) {
      rollout.arrive(Upload.BETWEEN_BURSTS);
      rollout.flows(rollout.podA());
      List<DrainReport> reports = new ArrayList<>();
      for (int round = 0; round < BURSTS_ROUNDS; round++) {
        reports.add(Bursts.drain(rollout, round));
      }
      List<KindResult> results = rollout.settle();
      SUMMARY.add("BURSTS", results, reports.toArray(DrainReport[]::new));
      for (DrainReport report : reports) {
        EveryClientIT.everybodyWasLetGo(report, kinds.size() * BURSTS_EACH);
      }
      for (KindResult result : results) {
        Bursts.nothingAcknowledgedIsLost(result, BURSTS_EACH, BURSTS_ROUNDS);
      }
    }
  }

  private static FeedServer.Builder atOnce(FeedServer.Builder pod) {
    return pod.policy(policy -> policy.withPacing(Pacing.atRate(100_000)));
  }
}
