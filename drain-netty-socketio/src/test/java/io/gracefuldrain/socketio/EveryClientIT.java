package io.gracefuldrain.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import io.gracefuldrain.DrainReport;
import io.gracefuldrain.Outcome;
import io.gracefuldrain.Pacing;
import io.gracefuldrain.socketio.TestCrowd.Upload;
import io.gracefuldrain.testing.Await;
import java.util.EnumSet;
import java.util.List;
import java.util.function.UnaryOperator;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** Stock clients of every kind are let go while a numbered feed flows both ways. */
@Isolated("a crowd keeps the processors busy")
class EveryClientIT {
  private static final int EACH = 4;

  @Test
  void drain_everyStockClient_returnsByItselfWithNothingLost() throws Exception {
    try (Rollout rollout = new Rollout(ClientKind.all(), EACH, UnaryOperator.identity())) {
      rollout.arrive(Upload.STEADY);
      rollout.flows(rollout.podA());

      DrainReport report = rollout.drain();

      everybodyWasLetGo(report, ClientKind.all().size() * EACH);
      nothingIsLost(rollout.settle(), EACH);
    }
  }

  @Test
  void drain_uploadingClientsWithEventsQueued_returnByThemselvesWithNothingLost() throws Exception {
    // All at once. Each has 200 events (a poller as many as one poll takes) that were queued at the
    // moment of its slot, and its own uploads wait unread.
    try (Rollout rollout =
        new Rollout(
            ClientKind.all(), EACH, pod -> pod.policy(p -> p.withPacing(Pacing.atRate(100_000))))) {
      rollout.arrive(Upload.HEAVY);
      rollout.flows(rollout.podA());
      LastWords lastWords = new LastWords(rollout.podA());

      lastWords.prepare();
      DrainReport report = rollout.drain();

      lastWords.allSaid();
      everybodyWasLetGo(report, ClientKind.all().size() * EACH);
      nothingIsLost(rollout.settle(), EACH);
    }
  }

  @Test
  void drain_againAndAgainUnderBurstsOfUploads_nothingAcknowledgedIsLost() throws Exception {
    int rounds = 2;
    try (Rollout rollout = new Rollout(ClientKind.all(), 2, Bursts::atOnce)) {
      rollout.arrive(Upload.BETWEEN_BURSTS);
      rollout.flows(rollout.podA());

      for (int round = 0; round < rounds; round++) {
        everybodyWasLetGo(Bursts.drain(rollout, round), ClientKind.all().size() * 2);
      }

      for (KindResult result : rollout.settle()) {
        Bursts.nothingAcknowledgedIsLost(result, 2, rounds);
      }
    }
  }

  @Test
  void letGo_whileACrowdArrivesAndUpgrades_returnWithNothingLost() throws Exception {
    int each = 6;
    EnumSet<ClientKind> kinds = EnumSet.of(ClientKind.JS4_UPGRADE, ClientKind.JS2_UPGRADE);
    try (Rollout rollout = new Rollout(kinds, each, UnaryOperator.identity())) {
      rollout.arrive(Upload.STEADY);
      Await.until("a client comes", () -> !rollout.podA().sessions().isEmpty());

      DrainReport report = rollout.drain();

      assertThat(report.tracked()).isPositive();
      assertThat(report.count(Outcome.CLOSED)).as(report.toText()).isEqualTo(report.tracked());
      List<KindResult> results = rollout.settle();
      SoftAssertions.assertSoftly(
          softly -> {
            for (KindResult result : results) {
              softly.assertThat(result.returned()).as("%s", result).isEqualTo(each);
              softly.assertThat(result.missing()).as("%s", result).isZero();
              softly.assertThat(result.repeatedOrLate()).as("%s", result).isZero();
              softly.assertThat(result.uploadsLost()).as("%s", result).isZero();
            }
          });
    }
  }

  static void everybodyWasLetGo(DrainReport report, int count) {
    assertThat(report.addsUp()).as(report.toText()).isTrue();
    assertThat(report.remaining()).as(report.toText()).isZero();
    assertThat(report.tracked()).as(report.toText()).isEqualTo(count);
    assertThat(report.count(Outcome.CLOSED)).as(report.toText()).isEqualTo(count);
    assertThat(report.failures()).as(report.toText()).isZero();
    assertThat(report.workAbandoned()).as(report.toText()).isZero();
  }

  static void nothingIsLost(List<KindResult> results, int each) {
    SoftAssertions.assertSoftly(
        softly -> {
          for (KindResult result : results) {
            softly.assertThat(result.count()).as("%s", result).isEqualTo(each);
            softly.assertThat(result.returned()).as("%s", result).isEqualTo(each);
            softly.assertThat(result.disconnects()).as("%s", result).isEqualTo(each);
            softly.assertThat(result.missing()).as("%s", result).isZero();
            softly.assertThat(result.repeatedOrLate()).as("%s", result).isZero();
            softly.assertThat(result.uploadsLost()).as("%s", result).isZero();
            softly.assertThat(result.uploadsRepeated()).as("%s", result).isZero();
          }
        });
  }
}
