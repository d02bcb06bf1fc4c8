package io.gracefuldrain.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.DrainPhase;
import io.gracefuldrain.DrainPolicy;
import io.gracefuldrain.DrainReason;
import io.gracefuldrain.HangingLog;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class DrainSignalsTest {
  private final DrainCoordinator coordinator =
      DrainCoordinator.create(DrainPolicy.defaults().withPod("a"));

  @AfterEach
  void close() {
    coordinator.close();
  }

  @Test
  void install_null_namesTheArgument() {
    assertThatNullPointerException()
        .isThrownBy(() -> DrainSignals.install(null))
        .withMessage("coordinator");
    assertThatNullPointerException()
        .isThrownBy(() -> DrainSignals.install(coordinator, () -> {}, null))
        .withMessage("stops[1]");
  }

  @Test
  void install_sameCoordinatorTwice_isRefused() {
    try (DrainSignals installed = DrainSignals.install(coordinator)) {
      assertThat(installed).isNotNull();
      assertThatIllegalStateException()
          .isThrownBy(() -> DrainSignals.install(coordinator))
          .withMessage(
              "install: the coordinator of pod a is installed already (expected: once, until"
                  + " closed)");
    }
    DrainSignals.install(coordinator).close();
  }

  @Test
  void install_anotherCoordinator_isRefusedUntilTheFirstIsClosed() {
    DrainCoordinator other = DrainCoordinator.create(DrainPolicy.defaults().withPod("b"));
    DrainSignals installed = DrainSignals.install(coordinator);
    assertThatIllegalStateException()
        .isThrownBy(() -> DrainSignals.install(other))
        .withMessage(
            "install: another coordinator, of pod a, is installed (expected: one for each process,"
                + " to which every server is attached; or the other one closed)");

    coordinator.close();
    DrainSignals second = DrainSignals.install(other);
    installed.close(); // it is not installed any more
    assertThatIllegalStateException().isThrownBy(() -> DrainSignals.install(other));
    second.close();
    other.close();
  }

  @Test
  void shutDown_drainsStopsAndCloses() {
    DrainCoordinator quick =
        DrainCoordinator.create(
            DrainPolicy.defaults()
                .withPod("q")
                .withReadinessDelayMax(Duration.ZERO)
                .withTerminationLog(""));
    quick.started();
    List<String> stopped = new CopyOnWriteArrayList<>();
    DrainSignals installed =
        DrainSignals.install(quick, () -> stopped.add(Thread.currentThread().getName()));

    installed.shutDown();
    installed.shutDown();

    assertThat(quick.phase()).isEqualTo(DrainPhase.DRAINED);
    assertThat(quick.report().reasons()).containsExactly(DrainReason.SHUTDOWN);
    assertThat(stopped).containsExactly("drain-exit");
    DrainSignals.install(coordinator).close();
    quick.close();
  }

  @Test
  void shutDown_thenClosed_leavesTheWholeGracePeriodToTheNext() {
    DrainPolicy exact = exact();
    DrainCoordinator former = DrainCoordinator.create(exact.withReadinessDelayMax(Duration.ZERO));
    former.started();
    DrainSignals.install(former).shutDown();
    try (DrainCoordinator next = DrainCoordinator.create(exact)) {
      next.started();

      // While the former one is open, a signal to it counts for both: the process ends.
      next.drain(DrainReason.SHUTDOWN);
      assertThat(next.report().compressed()).isTrue();
    }

    former.close();
    try (DrainCoordinator next = DrainCoordinator.create(exact)) {
      next.started();
      next.drain(DrainReason.SHUTDOWN);
      assertThat(next.report().compressed()).isFalse();
    }
  }

  /** A policy that needs all of its grace period: any word before its own shortens the drain. */
  private static DrainPolicy exact() {
    DrainPolicy policy =
        DrainPolicy.defaults()
            .withPod("q")
            .withReceipt(DrainPolicy.Receipt.LOG)
            .withTerminationLog("");
    return policy.withGracePeriod(policy.total().plus(policy.stopMargin()));
  }

  @Test
  void close_again_changesNothing() {
    DrainSignals first = DrainSignals.install(coordinator);
    first.close();
    try (DrainSignals second = DrainSignals.install(coordinator)) {
      first.close();
      assertThat(second).isNotNull();
      assertThatIllegalStateException().isThrownBy(() -> DrainSignals.install(coordinator));
    }
  }

  @Test
  void close_whileTheLogHangs_holdsUpNobodyElse() throws Exception {
    DrainSignals first = DrainSignals.install(coordinator);
    OsSignal other = OsSignal.take(ExitSignal.SIGTERM, () -> true);
    try (HangingLog log = new HangingLog(OsSignal.class)) {
      CompletableFuture<Void> closing = CompletableFuture.runAsync(first::close);
      log.awaitHanging();

      CompletableFuture<Void> next =
          CompletableFuture.runAsync(() -> DrainSignals.install(coordinator).close());

      assertThat(next).succeedsWithin(Duration.ofSeconds(10));
      assertThat(closing).isNotDone();
    } finally {
      var unused = other.giveBack();
    }
  }
}
