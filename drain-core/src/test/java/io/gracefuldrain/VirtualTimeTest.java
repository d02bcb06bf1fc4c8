package io.gracefuldrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Time for simulations, and the coordinators that live in it. */
final class VirtualTimeTest {
  private static final DrainPolicy POLICY =
      VirtualPod.policy().withReceipt(DrainPolicy.Receipt.LOG);

  private final VirtualTime time = new VirtualTime();

  @Test
  void advance_doesWhatIsDueInOrder_eachAtItsMoment() {
    List<String> done = new ArrayList<>();
    time.runAfter(20, () -> done.add("second at " + time.nanos()));
    time.runAfter(10, () -> time.runAfter(-5, () -> done.add("first at " + time.nanos())));
    time.runAfter(20, () -> done.add("third at " + time.nanos()));
    time.runAfter(31, () -> done.add("not yet"));

    time.advance(Duration.ofNanos(30));

    assertThat(done).containsExactly("first at 10", "second at 20", "third at 20");
    assertThat(time.nanos()).isEqualTo(30);
  }

  @Test
  void next_goesToTheNextMoment_andSaysWhenThereIsNone() {
    time.runAfter(7, () -> {});

    assertThat(time.next()).isTrue();
    assertThat(time.nanos()).isEqualTo(7);
    assertThat(time.next()).isFalse();
  }

  @Test
  void advance_byLessThanNothing_isRefused() {
    assertThatThrownBy(() -> time.advance(Duration.ofSeconds(-1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("advance: PT-1S (expected: >= 0)");
  }

  @Test
  void coordinator_drainsInVirtualTime_eachClientInItsSlot() {
    try (DrainCoordinator coordinator = time.coordinator(POLICY)) {
      coordinator.started();
      List<Long> closes = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        String id = "c" + i;
        coordinator.register(handle -> new Leaving(id, handle, () -> closes.add(time.nanos())));
      }

      coordinator.drain(DrainReason.SIGTERM);
      time.advance(POLICY.total());

      assertThat(coordinator.phase()).isEqualTo(DrainPhase.DRAINED);
      assertThat(coordinator.report().count(Outcome.CLOSED)).isEqualTo(100);
      long first = POLICY.readinessDelayMax().toNanos();
      assertThat(closes.get(0)).isBetween(first, first + 2 * StepLoop.TICK);
      assertThat(closes.get(99) - closes.get(0))
          .isGreaterThan(POLICY.moveWindow().minusSeconds(1).toNanos());
    }
  }

  @Test
  void coordinators_haveAGracePeriodEach() {
    try (DrainCoordinator early = time.coordinator(POLICY);
        DrainCoordinator late = time.coordinator(POLICY)) {
      early.started();
      late.started();
      early.drain(DrainReason.SIGTERM);
      time.advance(Duration.ofSeconds(20));
      late.drain(DrainReason.SIGTERM);

      assertThat(late.report().compressed()).isFalse();
    }
  }

  @Test
  void coordinator_goesOnWhenAConnectionThrows() {
    try (DrainCoordinator coordinator = time.coordinator(POLICY)) {
      coordinator.started();
      coordinator.register(
          handle ->
              new Leaving(
                  "bad",
                  handle,
                  () -> {
                    throw new IllegalStateException("of the adapter");
                  }));

      coordinator.drain(DrainReason.SIGTERM);
      time.advance(POLICY.total());

      assertThat(coordinator.phase()).isEqualTo(DrainPhase.DRAINED);
      assertThat(coordinator.report().failures()).isPositive();
    }
  }

  @Test
  void coordinator_onceClosed_doesNothingMore() {
    DrainCoordinator coordinator = time.coordinator(POLICY);
    coordinator.started();
    coordinator.drain(DrainReason.SIGTERM);
    coordinator.close();

    time.advance(POLICY.total());

    assertThat(coordinator.phase()).isEqualTo(DrainPhase.UNREADY);
  }

  /** Leaves when it is asked to close. */
  private record Leaving(String id, ConnectionHandle handle, Runnable closing)
      implements DrainableConnection {
    @Override
    public String transport() {
      return "websocket";
    }

    @Override
    public boolean aware() {
      return false;
    }

    @Override
    public void hint(ReconnectHint hint) {}

    @Override
    public void close(CloseManner manner, Duration within) {
      closing.run();
      handle.left(Departure.SILENT);
    }
  }
}
