package io.gracefuldrain;

import static io.gracefuldrain.Times.s;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gracefuldrain.testing.Await;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Listeners are told on a real thread; the drains they are told of go on in virtual time. */
final class ListenersTest {
  /** Notes each event. */
  private static class Noting implements DrainListener {
    final BlockingQueue<String> told = new LinkedBlockingQueue<>();

    @Override
    public void phaseChanged(DrainPhase from, DrainPhase to, DrainReport report) {
      told.add(from + ">" + to);
    }

    @Override
    public void connectionEnded(String connection, Outcome outcome) {
      told.add(connection + ":" + outcome);
    }

    String next() throws InterruptedException {
      return told.poll(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void listener_ofADrain_isToldPhasesAndOutcomesInOrder() throws Exception {
    VirtualPod pod = VirtualPod.serving();
    Noting listener = new Noting();
    pod.coordinator.addListener(listener);
    pod.stock("a");
    FakeClient b = pod.stock("b");
    pod.drain(DrainReason.MANUAL);
    b.leave(Departure.GOODBYE);
    pod.advanceTo(s(5));
    pod.stock("c");
    pod.coordinator.resume();

    assertThat(
            List.of(
                listener.next(),
                listener.next(),
                listener.next(),
                listener.next(),
                listener.next(),
                listener.next()))
        .containsExactly(
            "SERVING>UNREADY", "b:LEFT", "UNREADY>MOVING", "a:CLOSED", "c:KEPT", "MOVING>SERVING");
  }

  @Test
  void listener_thatThrows_isToldTheNextAndSoAreTheOthers() throws Exception {
    try (Log log = new Log()) {
      VirtualPod pod = VirtualPod.serving();
      CountDownLatch thrown = new CountDownLatch(4);
      pod.coordinator.addListener(
          new DrainListener() {
            @Override
            public void phaseChanged(DrainPhase from, DrainPhase to, DrainReport report) {
              thrown.countDown();
              if (thrown.getCount() % 2 == 0) {
                throw new IllegalStateException("no idea");
              }
              throw new AssertionError("really none");
            }
          });
      Noting other = new Noting();
      pod.coordinator.addListener(other);
      pod.drain(DrainReason.MANUAL);
      pod.advanceTo(DrainPhase.DRAINED);

      assertThat(thrown.await(10, TimeUnit.SECONDS)).isTrue();
      for (int i = 0; i < 5; i++) {
        assertThat(other.next()).isNotNull();
      }
      Await.until(() -> log.lines(LogCode.LISTENER_FAILED).size() >= 4); // it throws, then is named
      assertThat(log.lines(LogCode.LISTENER_FAILED).get(0)).contains("ListenersTest");
    }
  }

  @Test
  void listener_thatBlocks_missesOutcomesButNoPhaseAndHoldsUpNobody() throws Exception {
    try (Log log = new Log()) {
      VirtualPod pod = VirtualPod.serving();
      CountDownLatch blocked = new CountDownLatch(1);
      CountDownLatch end = new CountDownLatch(1);
      List<DrainPhase> phases = new CopyOnWriteArrayList<>();
      CountDownLatch drained = new CountDownLatch(1);
      pod.coordinator.addListener(
          new DrainListener() {
            @Override
            public void phaseChanged(DrainPhase from, DrainPhase to, DrainReport report) {
              phases.add(to);
              if (to == DrainPhase.DRAINED) {
                drained.countDown();
              }
            }

            @Override
            public void connectionEnded(String connection, Outcome outcome) {
              blocked.countDown();
              try {
                assertThat(end.await(20, TimeUnit.SECONDS)).isTrue();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            }
          });
      CountDownLatch otherDrained = new CountDownLatch(1);
      pod.coordinator.addListener(
          new DrainListener() {
            @Override
            public void phaseChanged(DrainPhase from, DrainPhase to, DrainReport report) {
              if (to == DrainPhase.DRAINED) {
                otherDrained.countDown();
              }
            }
          });
      int many = Listeners.QUEUE + 2500;
      List<FakeClient> clients = pod.stock(many);
      pod.drain(DrainReason.SIGTERM);
      clients.get(0).leave(Departure.GOODBYE);
      assertThat(blocked.await(10, TimeUnit.SECONDS)).isTrue();

      pod.advanceTo(DrainPhase.DRAINED);

      assertThat(pod.report().count(Outcome.CLOSED)).isEqualTo(many - 1);
      assertThat(otherDrained.await(10, TimeUnit.SECONDS)).isTrue();
      long dropped = pod.coordinator.totals().listenerDrops();
      // One is being told, MOVING waits among them, and the queue is full.
      assertThat(dropped).isEqualTo(many - 1 + 1 - Listeners.QUEUE);
      assertThat(log.lines(LogCode.LISTENER_QUEUE_FULL)).hasSize(3);
      assertThat(log.lines(LogCode.LISTENER_QUEUE_FULL).get(0))
          .startsWith("{\"code\":\"DRAIN-024\",\"queue\":65536,\"dropped\":1");
      end.countDown();
      assertThat(drained.await(10, TimeUnit.SECONDS)).isTrue();
      assertThat(phases)
          .containsExactly(
              DrainPhase.UNREADY,
              DrainPhase.MOVING,
              DrainPhase.SETTLING,
              DrainPhase.FORCING,
              DrainPhase.DRAINED);
    }
  }

  @Test
  void listener_thatReEnters_findsNoLockHeld() throws Exception {
    VirtualPod pod = VirtualPod.serving();
    BlockingQueue<DrainPhase> seen = new LinkedBlockingQueue<>();
    pod.coordinator.addListener(
        new DrainListener() {
          @Override
          public void phaseChanged(DrainPhase from, DrainPhase to, DrainReport report) {
            if (to == DrainPhase.UNREADY) {
              pod.coordinator.drain(DrainReason.MANUAL);
              pod.coordinator.resume();
            }
            seen.add(pod.coordinator.report().phase());
          }
        });
    pod.coordinator.drain(DrainReason.MANUAL);

    assertThat(seen.poll(10, TimeUnit.SECONDS)).isEqualTo(DrainPhase.SERVING);
    assertThat(seen.poll(10, TimeUnit.SECONDS)).isEqualTo(DrainPhase.SERVING);
  }

  @Test
  void listener_addedLater_isToldNothingOfBefore() throws Exception {
    VirtualPod pod = VirtualPod.serving();
    pod.drain(DrainReason.MANUAL);
    Noting late = new Noting();
    pod.coordinator.addListener(late);

    pod.coordinator.resume();

    assertThat(late.next()).isEqualTo("UNREADY>SERVING");
  }

  @Test
  void listener_removedWhileItIsTold_isToldNoMore() throws Exception {
    VirtualPod pod = VirtualPod.serving();
    FakeClient client = pod.stock("a");
    CountDownLatch hold = new CountDownLatch(1);
    BlockingQueue<Thread> telling = new LinkedBlockingQueue<>();
    Noting removed =
        new Noting() {
          @Override
          public void phaseChanged(DrainPhase from, DrainPhase to, DrainReport report) {
            super.phaseChanged(from, to, report);
            telling.add(Thread.currentThread());
            try {
              assertThat(hold.await(20, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          }
        };
    pod.coordinator.addListener(removed);
    pod.drain(DrainReason.MANUAL);
    Thread teller = telling.poll(10, TimeUnit.SECONDS);
    assertThat(teller).isNotNull();
    client.leave(Departure.GOODBYE);

    pod.coordinator.removeListener(removed);
    pod.coordinator.resume();
    hold.countDown();

    teller.join(10_000);
    assertThat(teller.isAlive()).as("its thread ends with it").isFalse();
    assertThat(removed.told).containsExactly("SERVING>UNREADY");
  }

  @Test
  void listener_thatIsNone_isRefusedByName() {
    VirtualPod pod = VirtualPod.serving();
    assertThatThrownBy(() -> pod.coordinator.addListener(null))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("listener");
  }

  @Test
  void tell_afterClose_isNeitherTellingNorDropping() {
    VirtualPod pod = VirtualPod.serving();
    pod.coordinator.addListener(new Noting());
    FakeClient client = pod.stock("a");
    pod.drain(DrainReason.MANUAL);
    pod.close();

    client.leave(Departure.GOODBYE);

    assertThat(pod.coordinator.totals().listenerDrops()).isZero();
  }
}
