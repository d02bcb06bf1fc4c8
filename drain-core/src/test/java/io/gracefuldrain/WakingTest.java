package io.gracefuldrain;

import static io.gracefuldrain.Times.ms;
import static io.gracefuldrain.Times.s;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * A coordinator sleeps until something is due, and hears of all that changes this. So it gets
 * nowhere sooner if it is woken at each tick.
 */
final class WakingTest {
  private static final int RUNS = 120;

  // A step for a slot may be two ticks apart from another pod's; what follows may wait for a tick.
  private static final Duration APART = Times.TICK.multipliedBy(4);

  /** What becomes of one drain with what happens to it, both by a seed. */
  private static final class Play {
    private final Random random;
    private final VirtualPod pod;
    private final List<FakeClient> clients = new ArrayList<>();
    private final List<WorkLease> podWork = new ArrayList<>();
    final Map<DrainPhase, Duration> phases = new EnumMap<>(DrainPhase.class);

    Play(long seed) {
      random = new Random(seed);
      pod =
          VirtualPod.serving(
              VirtualPod.policy()
                  .withReadinessDelayMin(ms(500))
                  .withReadinessDelayMax(ms(random.nextInt(500) + 500))
                  .withMoveWindow(ms(random.nextInt(4000) + 1000))
                  .withHintGrace(ms(random.nextInt(900) + 50))
                  .withSettleGrace(ms(random.nextInt(4000) + 100))
                  .withForceTimeout(ms(random.nextInt(1000) + 100)));
      int many = random.nextInt(40);
      for (int i = 0; i < many; i++) {
        client("c" + i);
      }
      for (int i = random.nextInt(4); i > 0; i--) {
        Duration late = later(6000);
        at(late, () -> client("late after " + late));
      }
      if (random.nextInt(3) == 0) {
        WorkLease lease = pod.coordinator.work().begin("pod", later(9000));
        at(later(9000), lease::close);
        podWork.add(lease);
      }
      pod.coordinator.drain(DrainReason.MANUAL);
      if (random.nextInt(3) == 0) {
        Duration within = later(5000);
        at(later(5000), () -> pod.coordinator.drain(DrainReason.MANUAL).within(within));
      }
    }

    private Duration later(int most) {
      return ms(random.nextInt(most) + 1);
    }

    private void at(Duration delay, Runnable action) {
      pod.clock.runAfter(delay.toNanos(), action);
    }

    private void client(String id) {
      Duration leaves = later(random.nextInt(4) == 0 ? 6000 : 300);
      Duration hears = later(400);
      Duration lands = later(random.nextInt(4) == 0 ? 6000 : 900);
      boolean silent = random.nextInt(8) == 0;
      FakeClient client = new FakeClient(id, random.nextInt(3) == 0, pod.clock);
      client.onClose(
          manner -> {
            if (!silent) {
              at(leaves, () -> client.leave(Departure.SILENT));
            }
          });
      client.onHint(
          hint -> {
            if (!silent) {
              at(hears, () -> client.handle().heard());
              at(lands, () -> client.leave(Departure.GOODBYE));
            }
          });
      client.register(pod.coordinator);
      clients.add(client);
      if (random.nextInt(4) == 0) {
        WorkLease lease = client.handle().tryBegin("work", later(9000));
        if (lease != null) {
          at(later(9000), lease::close);
        }
      }
      if (random.nextInt(4) == 0 && client.handle().tryEnter()) {
        at(later(9000), () -> client.handle().exit());
      }
    }

    void run(boolean wokenAtEachTick) {
      for (Duration at = Duration.ZERO;
          pod.phase() != DrainPhase.DRAINED;
          at = Times.TICK.plus(at)) {
        assertThat(at).isLessThan(s(60));
        pod.advanceTo(at);
        phases.putIfAbsent(pod.phase(), at);
        if (wokenAtEachTick) {
          pod.coordinator.drain(DrainReason.MANUAL); // to join wakes the steps
        }
      }
      pod.close();
    }

    List<Duration> closes() {
      return clients.stream()
          .map(client -> client.closedAt == null ? s(60) : client.closedAt)
          .toList();
    }
  }

  @Test
  void drain_thatIsWokenAtEachTick_getsNowhereSooner() {
    for (int seed = 0; seed < RUNS; seed++) {
      Play asleep = new Play(seed);
      asleep.run(false);
      Play woken = new Play(seed);
      woken.run(true);

      for (DrainPhase phase : woken.phases.keySet()) {
        if (asleep.phases.containsKey(phase)) {
          assertThat(asleep.phases.get(phase).minus(woken.phases.get(phase)))
              .as("seed %d, %s: %s and %s", seed, phase, asleep.phases, woken.phases)
              .isLessThanOrEqualTo(APART);
        }
      }
      for (int i = 0; i < woken.clients.size(); i++) {
        if (woken.clients.get(i).closedAt != null && asleep.clients.get(i).closedAt != null) {
          assertThat(asleep.closes().get(i).minus(woken.closes().get(i)))
              .as("seed %d, %s", seed, woken.clients.get(i))
              .isLessThanOrEqualTo(APART);
        }
      }
    }
  }

  private static long stepsOfADrain(int clients) {
    VirtualPod pod = VirtualPod.serving();
    pod.stock(clients);
    pod.drain(DrainReason.SIGTERM);
    long before = pod.clock.asked();
    pod.advanceTo(DrainPhase.DRAINED);
    return pod.clock.asked() - before;
  }

  /** They were fifty a second for all of the drain: 750 for ten clients. */
  @Test
  void drain_ofFewOrNobody_takesFewSteps() {
    assertThat(stepsOfADrain(0)).isLessThan(20);
    assertThat(stepsOfADrain(10)).isLessThan(100);
  }
}
