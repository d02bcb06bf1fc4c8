package io.gracefuldrain;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A crowd in real time, of which some connections hang or are slow when they are called. */
@Execution(ExecutionMode.CONCURRENT)
final class BlockingConnectionIT {
  private static final int CROWD = 1000;

  /** What {@code close} does, besides letting its connection leave. */
  private interface Closing {
    void run() throws InterruptedException;
  }

  // What hangs keeps the drain waiting to the end of the settle grace.
  private static DrainPolicy policy() {
    return VirtualPod.policy()
        .withReceipt(DrainPolicy.Receipt.LOG)
        .withReadinessDelayMin(Duration.ZERO)
        .withReadinessDelayMax(Duration.ZERO)
        .withSettleGrace(Duration.ofSeconds(1));
  }

  private static DrainReport drained(List<Closing> crowd, AtomicInteger asked) throws Exception {
    try (DrainCoordinator coordinator = DrainCoordinator.create(policy())) {
      coordinator.started();
      VirtualClock unused = new VirtualClock();
      for (int i = 0; i < CROWD; i++) {
        Closing closing = crowd.get(i);
        AtomicInteger calls = new AtomicInteger();
        FakeClient client = new FakeClient("c" + i, false, unused);
        client.onClose(
            manner -> {
              if (calls.getAndIncrement() == 0) {
                asked.incrementAndGet();
              }
              try {
                closing.run();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              client.leave(Departure.GOODBYE);
            });
        client.register(coordinator);
      }
      return coordinator
          .drain(DrainReason.MANUAL)
          .done()
          .toCompletableFuture()
          .get(60, TimeUnit.SECONDS);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {8, 50})
  void closes_thatHangForEver_costTheirConnectionsOnly(int hanging) throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    Closing hangs =
        () -> {
          while (end.getCount() > 0) {
            try {
              end.await();
            } catch (InterruptedException e) {
              Thread.interrupted(); // as code that knows no interrupts
            }
          }
        };
    List<Closing> crowd = new ArrayList<>();
    for (int i = 0; i < CROWD; i++) {
      crowd.add(i < hanging ? hangs : () -> {});
    }
    AtomicInteger asked = new AtomicInteger();

    DrainReport receipt = drained(crowd, asked);
    end.countDown();

    assertThat(receipt.count(Outcome.CLOSED)).isEqualTo(CROWD - hanging);
    assertThat(receipt.count(Outcome.FORCED)).isEqualTo(hanging);
    assertThat(asked).hasValue(CROWD);
  }

  @ParameterizedTest
  @ValueSource(ints = 50)
  void closes_thatAreSlow_areAllMadeInTime(int millis) throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    Closing slow = () -> assertThat(never.await(millis, TimeUnit.MILLISECONDS)).isFalse();
    List<Closing> crowd = new ArrayList<>();
    for (int i = 0; i < CROWD; i++) {
      crowd.add(slow);
    }
    AtomicInteger asked = new AtomicInteger();

    DrainReport receipt = drained(crowd, asked);

    assertThat(receipt.count(Outcome.CLOSED)).isEqualTo(CROWD);
    assertThat(receipt.failures()).isZero();
    assertThat(asked).hasValue(CROWD);
    // All were asked in the window: none is left for the settle grace but those in their call.
    assertThat(receipt.elapsed()).isLessThan(policy().moveWindow().plusSeconds(1));
  }
}
