package io.gracefuldrain;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Connections whose messages follow each other without a rest, in real time and on real threads.
 */
@Execution(ExecutionMode.CONCURRENT)
final class BusyConnectionIT {
  private static final int CROWD = 40;

  /**
   * A connection with a thread of its own, as an adapter dispatches one message after the other.
   */
  private static final class Busy implements DrainableConnection, Runnable {
    private final ConnectionHandle handle;
    private final String id;
    private final int millis;
    private final CountDownLatch working;
    private final CountDownLatch never = new CountDownLatch(1);

    Busy(ConnectionHandle handle, String id, int millis, CountDownLatch working) {
      this.handle = handle;
      this.id = id;
      this.millis = millis;
      this.working = working;
    }

    @Override
    public void run() {
      try {
        while (handle.tryEnter()) {
          try {
            working.countDown();
            assertThat(never.await(millis, TimeUnit.MILLISECONDS)).isFalse();
          } finally {
            handle.exit();
          }
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public String id() {
      return id;
    }

    @Override
    public String transport() {
      return "test";
    }

    @Override
    public boolean aware() {
      return false;
    }

    @Override
    public void hint(ReconnectHint hint) {}

    @Override
    public void close(CloseManner manner, Duration within) {
      handle.left(Departure.GOODBYE);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {5, 50})
  void messages_thatFollowEachOther_areLetGoBetweenTwoOfThemWithinTheWindow(int millis)
      throws Exception {
    DrainPolicy policy =
        VirtualPod.policy()
            .withReceipt(DrainPolicy.Receipt.LOG)
            .withReadinessDelayMin(Duration.ZERO)
            .withReadinessDelayMax(Duration.ZERO)
            .withMoveWindow(Duration.ofSeconds(2));
    try (DrainCoordinator coordinator = DrainCoordinator.create(policy)) {
      coordinator.started();
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < CROWD; i++) {
        String id = "c" + i;
        CountDownLatch working = new CountDownLatch(1);
        Busy busy = coordinator.register(handle -> new Busy(handle, id, millis, working));
        Thread thread = new Thread(busy, id);
        threads.add(thread);
        thread.start();
        assertThat(working.await(10, TimeUnit.SECONDS)).isTrue();
      }

      DrainReport receipt =
          coordinator
              .drain(DrainReason.MANUAL)
              .done()
              .toCompletableFuture()
              .get(60, TimeUnit.SECONDS);

      assertThat(receipt.count(Outcome.CLOSED)).isEqualTo(CROWD);
      assertThat(receipt.count(Outcome.FORCED)).isZero();
      assertThat(receipt.workAbandoned()).isZero();
      // Otherwise they wait for the settle grace, or for force at its end.
      assertThat(receipt.elapsed()).isLessThan(policy.moveWindow().plusSeconds(1));
      for (Thread thread : threads) {
        thread.join(10_000);
        assertThat(thread.isAlive()).isFalse();
      }
    }
  }
}
