package io.gracefuldrain.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import io.gracefuldrain.DrainPhase;
import io.gracefuldrain.DrainReport;
import io.gracefuldrain.Outcome;
import io.gracefuldrain.socketio.RecoveryScene.Ledger;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** Stock JavaScript clients are let go while much is said on a bus: they miss none. */
@Isolated("a crowd keeps the processors busy")
class HandOverIT {
  private static final RecoveryScene.Setting AS_EVER = new RecoveryScene.Setting() {};

  @Test
  void drain_stockClientsWithRecovery_missNothingAndLoseNothing() throws Exception {
    try (RecoveryScene scene = new RecoveryScene(AS_EVER).everyGroup()) {
      scene.arrive();

      DrainReport report = scene.drain(scene.podA(), scene.podB());

      List<Ledger> ledgers = scene.end();
      assertThat(report.count(Outcome.LANDED)).as(report.toText()).isEqualTo(report.tracked());
      assertThat(scene.recovered()).containsExactlyInAnyOrderElementsOf(scene.names());
      scene.assertNothingIsLost(ledgers, 2);
    }
  }

  /** The pod refuses its clients until then, and nobody else is there. */
  @Test
  void drain_recalledWhenAllWereLetGo_hasThemBackWithNothingLost() throws Exception {
    try (RecoveryScene scene = new RecoveryScene(AS_EVER).everyGroup()) {
      scene.arrive();
      int all = scene.names().size();
      CompletableFuture<DrainReport> drain = scene.podA().drain();
      scene.awaitKept(scene.podA(), all);

      scene.podA().coordinator().resume();

      DrainReport report = FeedServer.receipt(drain);
      assertThat(report.count(Outcome.LANDED)).as(report.toText()).isZero();
      scene.awaitRecovered(all);
      scene.assertNothingIsLost(scene.end(), 2);
      assertThat(scene.recovered()).containsExactlyInAnyOrderElementsOf(scene.names());
      assertThat(scene.podA().coordinator().phase()).isEqualTo(DrainPhase.SERVING);
    }
  }

  /** Some stay connected, some are in their back-off, and some have been refused. */
  @Test
  void drain_recalledInTheMiddle_losesNothing() throws Exception {
    try (RecoveryScene scene = new RecoveryScene(AS_EVER).everyGroup()) {
      scene.arrive();
      int all = scene.names().size();
      CompletableFuture<DrainReport> drain = scene.podA().drain();
      scene.awaitKept(scene.podA(), all / 2);

      scene.podA().coordinator().resume();

      DrainReport report = FeedServer.receipt(drain);
      int kept = report.count(Outcome.KEPT);
      assertThat(kept).as(report.toText()).isBetween(1, all / 2 + 1);
      scene.awaitRecovered(all - kept);
      scene.assertNothingIsLost(scene.end(), 1, 2);
      assertThat(scene.recovered()).hasSize(all - kept);
    }
  }

  /** Both pods go on to serve. Then those that have moved are shed once more, and come back. */
  @Test
  void shed_thereAndBack_losesNothing() throws Exception {
    try (RecoveryScene scene = new RecoveryScene(AS_EVER).everyGroup()) {
      scene.arrive();
      int all = scene.names().size();
      scene.door().leadTo(scene.podB());

      assertThat(scene.podA().coordinator().shed(all / 2)).isEqualTo(all / 2);
      scene.awaitRecovered(all / 2);
      scene.door().leadTo(scene.podA());
      int again = scene.podB().coordinator().shed(all);
      scene.awaitRecovered(all / 2 + again);

      assertThat(again).isEqualTo(all / 2);
      scene.assertNothingIsLost(scene.end(), 1, 3);
      assertThat(scene.recovered()).hasSize(all / 2);
      for (FeedServer pod : List.of(scene.podA(), scene.podB())) {
        assertThat(pod.coordinator().phase()).isEqualTo(DrainPhase.SERVING);
        assertThat(pod.coordinator().totals().handedOver().taken())
            .as(pod.coordinator().report().toText())
            .isEqualTo(all / 2);
      }
    }
  }

  /** The balancer leads them back to the pod that has let them go. */
  @Test
  void shed_backToTheSamePod_losesNothing() throws Exception {
    try (RecoveryScene scene = new RecoveryScene(AS_EVER).everyGroup()) {
      scene.arrive();
      int all = scene.names().size();

      scene.podA().coordinator().shed(all);
      scene.awaitRecovered(all);

      scene.assertNothingIsLost(scene.end(), 2);
    }
  }
}
