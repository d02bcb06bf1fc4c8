package io.gracefuldrain;

import static io.gracefuldrain.Times.ms;
import static io.gracefuldrain.Times.s;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** Connections are foreign code: they may throw or call back anything, and the drain continues. */
final class MisbehavingConnectionTest {
  @Test
  void close_thatThrows_isFollowedByForceAndCounted() {
    VirtualPod pod = VirtualPod.serving();
    FakeClient broken = pod.stock("broken");
    broken.onClose(
        manner -> {
          throw new IllegalStateException("no channel");
        });
    FakeClient fine = pod.stock("fine");
    pod.drain(DrainReason.SIGTERM);
    pod.advanceTo(DrainPhase.DRAINED);

    assertThat(broken.closes).containsExactly(CloseManner.LET_GO, CloseManner.FORCE);
    assertThat(fine.closes).containsExactly(CloseManner.LET_GO);
    assertThat(pod.report().failures()).isEqualTo(2);
    assertThat(pod.coordinator.totals().failures()).isEqualTo(2);
    assertThat(pod.report().count(Outcome.FORCED)).isEqualTo(1);
    assertThat(pod.report().count(Outcome.CLOSED)).isEqualTo(1);
  }

  @Test
  void close_thatThrowsAnError_isNoDifferent() {
    VirtualPod pod = VirtualPod.serving();
    pod.stock("broken")
        .onClose(
            manner -> {
              throw new StackOverflowError();
            });
    pod.drain(DrainReason.SIGTERM);
    pod.advanceTo(DrainPhase.DRAINED);
    assertThat(pod.report().count(Outcome.FORCED)).isEqualTo(1);
  }

  @Test
  void hint_thatThrows_isFollowedByAClose() {
    VirtualPod pod = VirtualPod.serving();
    FakeClient client = pod.aware("c");
    client.onHint(
        hint -> {
          throw new IllegalStateException("no namespace");
        });
    pod.drain(DrainReason.SIGTERM);

    pod.advanceTo(s(5).plus(Times.TICK));

    assertThat(client.closes).containsExactly(CloseManner.LET_GO);
    assertThat(pod.report().failures()).isEqualTo(1);
    assertThat(pod.report().count(Outcome.CLOSED)).isEqualTo(1);
  }

  @Test
  void close_thatThrowsAfterItsConnectionLeft_forcesNobody() {
    VirtualPod pod = VirtualPod.serving();
    FakeClient client = pod.stock("c");
    client.onClose(
        manner -> {
          client.leave(Departure.SILENT);
          throw new IllegalStateException("after all");
        });
    pod.drain(DrainReason.SIGTERM);
    pod.advanceTo(DrainPhase.DRAINED);

    assertThat(client.closes).containsExactly(CloseManner.LET_GO);
    assertThat(pod.report().count(Outcome.CLOSED)).isEqualTo(1);
    assertThat(pod.report().failures()).isEqualTo(1);
  }

  @Test
  void transport_thatThrowsOrIsNone_doesNotKeepTheConnectionHere() {
    VirtualPod pod = VirtualPod.serving();
    DrainableConnection throwing =
        new Wrapped("throwing", pod.clock) {
          @Override
          public String transport() {
            throw new IllegalStateException("no transport");
          }
        };
    DrainableConnection none =
        new Wrapped("none", pod.clock) {
          @Override
          public String transport() {
            return null;
          }
        };
    List<ConnectionHandle> handles =
        List.of(pod.coordinator.register(throwing), pod.coordinator.register(none));
    pod.drain(DrainReason.SIGTERM);
    pod.advanceTo(s(6));

    handles.forEach(handle -> handle.left(Departure.SILENT));

    assertThat(pod.report().remaining()).isZero();
    assertThat(pod.report().slowest())
        .extracting(DrainReport.SlowMove::transport)
        .containsOnly("unknown");
  }

  @Test
  void id_thatThrowsOrIsNone_isToldToWhoRegisters() {
    VirtualPod pod = VirtualPod.serving();
    DrainableConnection throwing =
        new Wrapped("x", pod.clock) {
          @Override
          public String id() {
            throw new IllegalStateException("no id");
          }
        };
    DrainableConnection none = new Wrapped(null, pod.clock);

    assertThatThrownBy(() -> pod.coordinator.register(throwing)).hasMessage("no id");
    assertThatThrownBy(() -> pod.coordinator.register(none))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("connection.id()");
    assertThat(pod.report().connections()).isZero();
  }

  @Test
  void close_thatRegistersDrainsAndReports_findsNoLockHeld() {
    VirtualPod pod = VirtualPod.serving();
    List<CompletionStage<DrainReport>> joined = new ArrayList<>();
    FakeClient client = pod.stock("c");
    client.onClose(
        manner -> {
          joined.add(pod.coordinator.drain(DrainReason.SIGINT).done());
          pod.stock("again");
          assertThat(pod.report().connections()).isEqualTo(2);
          client.leave(Departure.SILENT);
          client.leave(Departure.SILENT);
        });
    pod.drain(DrainReason.SIGTERM);
    pod.advanceTo(DrainPhase.DRAINED);

    assertThat(joined).hasSize(1);
    assertThat(pod.report().reasons()).containsExactly(DrainReason.SIGTERM, DrainReason.SIGINT);
    assertThat(pod.report().late()).isEqualTo(1);
    assertThat(pod.report().count(Outcome.CLOSED)).isEqualTo(2);
    assertThat(pod.report().addsUp()).isTrue();
  }

  @Test
  void hint_thatLandsAndLeavesAtOnce_hasLanded() {
    VirtualPod pod = VirtualPod.serving();
    FakeClient client = pod.aware("c");
    client.onHint(
        hint -> {
          client.land(ms(1));
          client.leave(Departure.GOODBYE);
        });
    pod.drain(DrainReason.SIGTERM);
    pod.advanceTo(DrainPhase.DRAINED);
    assertThat(pod.report().count(Outcome.LANDED)).isEqualTo(1);
  }

  @Test
  void close_thatResumes_endsTheDrainItBelongsTo() {
    VirtualPod pod = VirtualPod.serving();
    FakeClient client = pod.stock("c").onClose(manner -> pod.coordinator.resume());
    FakeClient other = pod.stock("d");
    pod.drain(DrainReason.MANUAL);
    pod.advance(s(60));

    assertThat(pod.phase()).isEqualTo(DrainPhase.SERVING);
    assertThat(client.closes).containsExactly(CloseManner.LET_GO);
    assertThat(other.closes).isEmpty();
    assertThat(pod.report().count(Outcome.CLOSED)).isEqualTo(1);
    assertThat(pod.report().count(Outcome.KEPT)).isEqualTo(1);
  }

  /** A connection that does nothing. */
  private static class Wrapped implements DrainableConnection {
    private final FakeClient client;

    Wrapped(String id, VirtualClock clock) {
      client = new FakeClient(id, false, clock).stubborn();
    }

    @Override
    public String id() {
      return client.id();
    }

    @Override
    public String transport() {
      return client.transport();
    }

    @Override
    public boolean aware() {
      return client.aware();
    }

    @Override
    public void hint(ReconnectHint hint) {
      client.hint(hint);
    }

    @Override
    public void close(CloseManner manner, Duration within) {
      client.close(manner, within);
    }
  }
}
