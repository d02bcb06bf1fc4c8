package io.gracefuldrain;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The real clock, without delays. */
final class SystemClockworkTest {
  @Test
  void runAfter_runsStepsInOrderOnItsOneThread() throws Exception {
    SystemClockwork clock = new SystemClockwork();
    BlockingQueue<String> seen = new LinkedBlockingQueue<>();
    for (int i = 0; i < 100; i++) {
      int step = i;
      clock.runAfter(0, () -> seen.add(step + " " + Thread.currentThread().getName()));
    }
    for (int i = 0; i < 100; i++) {
      assertThat(seen.poll(10, TimeUnit.SECONDS)).isEqualTo(i + " drain-coordinator");
    }
    CompletableFuture<Boolean> daemon = new CompletableFuture<>();
    clock.runAfter(0, () -> daemon.complete(Thread.currentThread().isDaemon()));
    assertThat(daemon.get(10, TimeUnit.SECONDS)).isTrue();
    clock.close();
  }

  @Test
  void runAfter_onceClosed_runsNothingAndSaysNothing() {
    SystemClockwork clock = new SystemClockwork();
    CompletableFuture<Boolean> never = new CompletableFuture<>();
    clock.runAfter(TimeUnit.DAYS.toNanos(1), () -> never.complete(true));
    clock.close();
    clock.close();

    clock.runAfter(0, () -> never.complete(true));

    assertThat(never).isNotDone();
  }

  @Test
  void nanos_neverGoBack() {
    SystemClockwork clock = new SystemClockwork();
    long before = clock.nanos();
    assertThat(clock.nanos() - before).isNotNegative();
    assertThat(clock.wallTime()).isAfter(VirtualClock.MORNING);
    clock.close();
  }

  @Test
  void create_ofRealParts_drainsToItsReceipt() throws Exception {
    DrainPolicy policy =
        VirtualPod.policy().fit(Duration.ZERO).withReceipt(DrainPolicy.Receipt.LOG);
    try (Log log = new Log();
        DrainCoordinator coordinator = DrainCoordinator.create(policy)) {
      coordinator.started();
      FakeClient client = new FakeClient("c", false, new VirtualClock()).register(coordinator);

      DrainReport receipt = VirtualPod.done(coordinator.drain(DrainReason.MANUAL).done());

      assertThat(receipt.count(Outcome.FORCED)).isEqualTo(1);
      assertThat(client.handle().sealed()).isTrue();
      assertThat(log.lines(LogCode.RECEIPT)).hasSize(1);
    }
  }
}
