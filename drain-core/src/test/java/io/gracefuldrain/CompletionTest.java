package io.gracefuldrain;

import static io.gracefuldrain.Times.s;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class CompletionTest {
  @Test
  void completion_cannotBeCompletedByACaller() throws Exception {
    VirtualPod pod = VirtualPod.serving();
    CompletionStage<DrainReport> mine = pod.drain(DrainReason.MANUAL);
    CompletionStage<DrainReport> others = pod.drain(DrainReason.MANUAL);

    assertThatThrownBy(() -> ((CompletableFuture<DrainReport>) mine).complete(null))
        .isInstanceOf(UnsupportedOperationException.class);
    mine.toCompletableFuture().complete(null);
    mine.toCompletableFuture().cancel(true);
    mine.toCompletableFuture().obtrudeValue(null);
    pod.coordinator.whenStarted().toCompletableFuture().obtrudeException(new AssertionError());

    assertThat(others.toCompletableFuture()).isNotDone();
    pod.advanceTo(DrainPhase.DRAINED);
    assertThat(VirtualPod.done(others).phase()).isEqualTo(DrainPhase.DRAINED);
    assertThat(VirtualPod.done(mine).phase()).isEqualTo(DrainPhase.DRAINED);
    assertThat(pod.coordinator.whenStarted().toCompletableFuture()).isCompletedWithValue(null);
  }

  @Test
  void completion_whoseWaiterBlocks_holdsUpNothing() throws Exception {
    VirtualPod pod = VirtualPod.serving();
    CountDownLatch waiting = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    CompletableFuture<Boolean> waiter =
        pod.drain(DrainReason.MANUAL)
            .thenApply(
                receipt -> {
                  waiting.countDown();
                  try {
                    return end.await(20, TimeUnit.SECONDS);
                  } catch (InterruptedException e) {
                    return false;
                  }
                })
            .toCompletableFuture();
    pod.advanceTo(DrainPhase.DRAINED);
    assertThat(waiting.await(10, TimeUnit.SECONDS)).isTrue();

    pod.coordinator.resume();
    CompletionStage<DrainReport> second = pod.drain(DrainReason.MANUAL);
    pod.advance(s(6));

    assertThat(VirtualPod.done(second).epoch()).isEqualTo(2);
    end.countDown();
    assertThat(waiter.get(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void completion_comesAfterTheReceiptIsOut() throws Exception {
    VirtualPod pod = VirtualPod.serving();
    CompletionStage<Integer> printed =
        pod.drain(DrainReason.MANUAL).thenApply(receipt -> pod.printed().size());
    pod.advanceTo(DrainPhase.DRAINED);
    assertThat(printed.toCompletableFuture().get(10, TimeUnit.SECONDS)).isEqualTo(1);
  }

  @Test
  void drain_ofAClosedCoordinator_isRefused() {
    VirtualPod pod = VirtualPod.serving();
    pod.close();
    pod.close();

    assertThat(pod.clock.closed()).isTrue();
    assertThatThrownBy(() -> pod.coordinator.drain(DrainReason.MANUAL))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the coordinator is closed (expected: an open one)");
    assertThat(pod.phase()).isEqualTo(DrainPhase.SERVING);
  }

  @Test
  void close_duringADrain_leavesItWhereItIs() {
    VirtualPod pod = VirtualPod.serving();
    FakeClient client = pod.stock("c");
    CompletionStage<DrainReport> done = pod.drain(DrainReason.MANUAL);
    pod.close();
    pod.advance(s(60));
    client.leave(Departure.GOODBYE);

    assertThat(pod.phase()).isEqualTo(DrainPhase.UNREADY);
    assertThat(done.toCompletableFuture()).isNotDone();
    assertThat(pod.report().addsUp()).isTrue();
  }
}
