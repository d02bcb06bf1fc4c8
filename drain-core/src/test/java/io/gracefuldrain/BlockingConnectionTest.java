package io.gracefuldrain;

import static io.gracefuldrain.Times.s;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Connections that block, called from the real thread, in a drain on virtual time. */
final class BlockingConnectionTest {
  private static void await(CountDownLatch latch) {
    boolean interrupted = false;
    while (true) {
      try {
        assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void close_thatBlocks_holdsUpNobodyAndIsForced() throws Exception {
    CountingCaller[] caller = new CountingCaller[1];
    VirtualPod pod =
        new VirtualPod(
            VirtualPod.policy(),
            true,
            (clock, journal) -> {
              caller[0] = new CountingCaller(new CallWorkers(clock, journal));
              return caller[0];
            });
    CountDownLatch blocked = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    CountDownLatch others = new CountDownLatch(20);
    CountDownLatch forced = new CountDownLatch(1);
    FakeClient stuck = pod.stock("stuck");
    stuck.onClose(
        manner -> {
          if (manner == CloseManner.LET_GO) {
            blocked.countDown();
            await(end);
          } else {
            forced.countDown();
          }
        });
    for (int i = 0; i < 20; i++) {
      FakeClient client = pod.stock("c" + i);
      client.onClose(
          manner -> {
            client.leave(Departure.SILENT);
            others.countDown();
          });
    }
    CompletionStage<DrainReport> done = pod.drain(DrainReason.SIGTERM);
    pod.advanceTo(s(5));
    await(blocked);
    assertThat(pod.report().failures()).isZero();
    while (pod.clock.elapsed().compareTo(s(15)) < 0) {
      pod.advance(Times.TICK);
      // Virtual time must not run away from the real thread, or every call would be a slow one.
      caller[0].awaitAtMost(1);
    }
    await(others);
    pod.advanceTo(s(20));
    await(forced);
    pod.advanceTo(s(21));

    DrainReport receipt = VirtualPod.done(done);
    assertThat(receipt.count(Outcome.CLOSED)).isEqualTo(20);
    assertThat(receipt.count(Outcome.FORCED)).isEqualTo(1);
    // One at least: virtual time may pass a second while the real thread only comes back from a
    // call.
    assertThat(receipt.failures()).isPositive();
    assertThat(receipt.addsUp()).isTrue();
    end.countDown();
    pod.close();
  }

  @Test
  void drain_withinZero_completesOnceAllWereCalled() throws Exception {
    VirtualPod pod = VirtualPod.servingWithThreads(VirtualPod.policy());
    CountDownLatch blocked = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    CountDownLatch others = new CountDownLatch(10);
    pod.stock("stuck")
        .onClose(
            manner -> {
              blocked.countDown();
              await(end);
            });
    for (int i = 0; i < 10; i++) {
      pod.stock("c" + i)
          .onClose(
              manner -> {
                if (manner == CloseManner.FORCE) {
                  others.countDown();
                }
              });
    }

    CompletionStage<DrainReport> done = pod.drain(DrainReason.MANUAL, Duration.ZERO);
    await(blocked);
    pod.advance(Times.TICK); // the others wait, so they get another thread
    await(others);
    assertThat(done.toCompletableFuture()).isNotDone();
    pod.advance(Times.TICK);

    assertThat(VirtualPod.done(done).count(Outcome.FORCED)).isEqualTo(11);
    assertThat(pod.report().failures()).isZero();
    end.countDown();
    pod.close();
  }

  @Test
  void closes_thatCannotBeMadeInTime_areNotCalledForced() throws Exception {
    CallWorkers[] workers = new CallWorkers[1];
    VirtualPod pod =
        new VirtualPod(
            VirtualPod.policy(),
            true,
            (clock, journal) -> workers[0] = new CallWorkers(clock, journal));
    pod.coordinator.started();
    pod.stock(3).forEach(FakeClient::stubborn);
    workers[0].close(); // no call is made any more

    CompletionStage<DrainReport> done = pod.drain(DrainReason.MANUAL, Duration.ZERO);
    pod.advance(Duration.ofNanos(DrainLoop.ASKING).minus(Times.TICK));
    assertThat(done.toCompletableFuture()).isNotDone();
    pod.advance(Times.TICK);

    DrainReport receipt = VirtualPod.done(done);
    assertThat(receipt.count(Outcome.FORCED)).isZero();
    assertThat(receipt.count(Outcome.LOST)).isEqualTo(3);
    assertThat(receipt.failures()).isEqualTo(3);
    pod.close();
  }

  @Test
  void closes_thatAllBlock_cannotPassTheDeadline() throws Exception {
    VirtualPod pod = VirtualPod.servingWithThreads(VirtualPod.policy());
    CountDownLatch end = new CountDownLatch(1);
    Semaphore called = new Semaphore(0);
    pod.stock(100)
        .forEach(
            client ->
                client.onClose(
                    manner -> {
                      called.release();
                      await(end);
                    }));
    CompletionStage<DrainReport> done = pod.drain(DrainReason.SIGTERM);

    pod.advanceTo(s(21));

    DrainReport receipt = VirtualPod.done(done);
    assertThat(receipt.elapsed()).isEqualTo(s(21));
    assertThat(receipt.count(Outcome.FORCED) + receipt.count(Outcome.LOST)).isEqualTo(100);
    // A call that is noted has begun, but its thread may not have come here yet.
    assertThat(called.tryAcquire(receipt.count(Outcome.FORCED), 20, TimeUnit.SECONDS))
        .as("none is counted that was not asked")
        .isTrue();
    end.countDown();
    pod.close();
  }
}
