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
  void started_whoseWaiterBlocks_holdsUpNothing() throws Exception {
    VirtualPod pod = new VirtualPod(VirtualPod.policy(), true);
    CountDownLatch end = new CountDownLatch(1);
    CompletableFuture<Void> other = pod.coordinator.whenStarted().toCompletableFuture();
    CompletableFuture<Boolean> waiter =
        pod.coordinator
            .whenStarted()
            .thenApply(
                started -> {
                  try {
                    return end.await(10, TimeUnit.SECONDS);
                  } catch (InterruptedException e) {
                    return false;
                  }
                })
            .toCompletableFuture();

    pod.coordinator.started();

    other.get(10, TimeUnit.SECONDS);
    assertThat(waiter).isNotDone();
    end.countDown();
    assertThat(waiter.get(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void started_ofACoordinatorThatIsClosedBefore_fails() {
    VirtualPod pod = new VirtualPod(VirtualPod.policy(), true);
    CompletableFuture<Void> started = pod.coordinator.whenStarted().toCompletableFuture();

    pod.close();

    assertThatThrownBy(() -> started.get(10, TimeUnit.SECONDS))
        .hasCauseInstanceOf(IllegalStateException.class)
        .hasMessageContaining(
            "the coordinator was closed in STARTING (expected: once it has started)");
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
  void completion_ofOneAsker_waitsForNoOther() throws Exception {
    VirtualPod pod = VirtualPod.serving();
    CountDownLatch end = new CountDownLatch(1);
    CompletionStage<Void> blocked =
        pod.drain(DrainReason.MANUAL)
            .thenAccept(
                receipt -> {
                  try {
                    assertThat(end.await(20, TimeUnit.SECONDS)).isTrue();
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                });
    CompletionStage<DrainReport> other = pod.drain(DrainReason.MANUAL);
    CompletionStage<DrainReport> hook = pod.hook().done();
    CompletionStage<DrainReport> signal = pod.drain(DrainReason.SIGTERM);
    pod.advanceTo(DrainPhase.DRAINED);

    assertThat(VirtualPod.done(signal)).isEqualTo(VirtualPod.done(other));
    assertThat(VirtualPod.done(hook)).isEqualTo(VirtualPod.done(other));
    assertThat(blocked.toCompletableFuture()).isNotDone();
    end.countDown();
    blocked.toCompletableFuture().get(10, TimeUnit.SECONDS);
    assertThat(pod.drain(DrainReason.SIGTERM).toCompletableFuture()).isDone();
  }

  @Test
  void close_duringADrain_leavesItWhereItIsAndTellsWhoeverWaits() {
    VirtualPod pod = VirtualPod.serving();
    FakeClient client = pod.stock("c");
    CompletionStage<DrainReport> done = pod.drain(DrainReason.MANUAL);
    CompletionStage<DrainReport> hook = pod.hook().done();
    pod.close();
    pod.advance(s(60));
    client.leave(Departure.GOODBYE);

    assertThat(pod.phase()).isEqualTo(DrainPhase.UNREADY);
    assertThatThrownBy(() -> VirtualPod.done(done))
        .hasRootCauseInstanceOf(IllegalStateException.class)
        .hasRootCauseMessage(
            "the coordinator was closed in UNREADY (expected: once the drain is over)");
    assertThatThrownBy(() -> VirtualPod.done(hook))
        .hasRootCauseInstanceOf(IllegalStateException.class);
    assertThat(pod.report().addsUp()).isTrue();
  }

  @Test
  void close_inTheLinger_completesWithTheReceipt() throws Exception {
    VirtualPod pod = VirtualPod.serving(VirtualPod.policy().withLinger(s(2)));
    CompletionStage<DrainReport> done = pod.drain(DrainReason.MANUAL);
    pod.advanceTo(DrainPhase.DRAINED);
    assertThat(done.toCompletableFuture()).isNotDone();
    pod.close();

    assertThat(VirtualPod.done(done).phase()).isEqualTo(DrainPhase.DRAINED);
  }
}
