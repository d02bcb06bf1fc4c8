package io.gracefuldrain.signal;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.DrainPolicy;
import io.gracefuldrain.DrainReason;
import io.gracefuldrain.PreStopCall;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The time that real coordinators are given, whether they answer or not. */
@Timeout(30)
final class PendingDrainIT {
  private static final String ELSEWHERE = "io.gracefuldrain.grace.PendingDrainIT";

  private final DrainPolicy policy = DrainPolicy.defaults().withPod("a").withTerminationLog("");
  private final DrainCoordinator coordinator = DrainCoordinator.create(policy);
  private final CountDownLatch release = new CountDownLatch(1);

  @BeforeEach
  void startTheGracePeriod() { // ten seconds ago, as another coordinator has heard
    System.setProperty(ELSEWHERE, Long.toString(System.nanoTime() - SECONDS.toNanos(10)));
  }

  @AfterEach
  void close() {
    release.countDown();
    coordinator.close();
    System.clearProperty(ELSEWHERE);
  }

  @Test
  void ask_drainIsOver_leavesTheStopBudgetAndNoMore() throws Exception {
    coordinator.started();
    coordinator
        .drain(DrainReason.PRE_STOP)
        .within(Duration.ZERO)
        .done()
        .toCompletableFuture()
        .get(10, SECONDS);

    PendingDrain drain = drain();
    drain.ask(DrainReason.SIGTERM);

    awaitAtMost(drain, coordinator.stopBudget());
  }

  @Test
  void ask_requestHangs_leavesWhatTheDrainThatHasBegunLeaves() throws Exception {
    coordinator.started();
    try (PreStopCall call = coordinator.preStop(this::hang)) {
      assertThat(call).isNotNull();
      coordinator.drain(DrainReason.MANUAL).within(Duration.ZERO);

      PendingDrain drain = drain();
      drain.ask(DrainReason.SIGTERM);

      awaitAtMost(drain, coordinator.stopBudget());
    }
  }

  private PendingDrain drain() {
    return new PendingDrain(coordinator);
  }

  private boolean hang() {
    try {
      return release.await(30, SECONDS);
    } catch (InterruptedException e) {
      return false;
    }
  }

  /** Waits until the time left has tightened; to run down to the bound would take longer. */
  private static void awaitAtMost(PendingDrain drain, Duration bound) {
    long begun = System.nanoTime();
    assertThat(bound).isLessThanOrEqualTo(Duration.ofSeconds(20));
    while (drain.left() > bound.toNanos()) {
      assertThat(System.nanoTime() - begun).isLessThan(SECONDS.toNanos(10));
      Thread.onSpinWait();
    }
  }
}
