package io.gracefuldrain;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Many threads at one coordinator. */
final class ConcurrencyTest {
  @Test
  void news_besideManyWhoAsk_areToldExactlyOnce() throws Exception {
    int rounds = 300;
    try (Log log = new Log();
        Race race = new Race(3)) {
      VirtualPod pod = VirtualPod.serving();
      AtomicBoolean over = new AtomicBoolean();
      Callable<Boolean> asking =
          () -> {
            while (!over.get()) {
              pod.report();
              pod.coordinator.stopBudget();
            }
            return true;
          };
      Callable<Boolean> recalling =
          () -> {
            try {
              for (int i = 0; i < rounds; i++) {
                pod.coordinator.drain(DrainReason.MANUAL);
                pod.coordinator.resume();
              }
            } finally {
              over.set(true);
            }
            return true;
          };
      race.run(List.of(asking, asking, recalling));

      assertThat(pod.printed()).hasSize(rounds);
      assertThat(log.lines(LogCode.UNREADY)).hasSize(rounds);
      assertThat(log.lines(LogCode.STEP_FAILED)).isEmpty();
    }
  }

  @Test
  void registerAndLeave_besideADrain_letNobodySlipPast() throws Exception {
    try (Race race = new Race(4)) {
      for (int round = 0; round < 200; round++) {
        VirtualPod pod = VirtualPod.serving();
        AtomicInteger numbers = new AtomicInteger();
        Callable<List<FakeClient>> coming =
            () -> {
              List<FakeClient> mine = new ArrayList<>();
              for (int i = 0; i < 30; i++) {
                FakeClient client = pod.stock("c" + numbers.incrementAndGet());
                if (i % 3 == 0) {
                  client.leave(Departure.GOODBYE);
                } else {
                  mine.add(client);
                }
              }
              return mine;
            };
        Callable<List<FakeClient>> draining =
            () -> {
              pod.coordinator.drain(DrainReason.SIGTERM);
              pod.advance(Duration.ofMillis(5020));
              return List.of();
            };
        List<List<FakeClient>> all = race.run(List.of(coming, coming, coming, draining));
        pod.advance(Times.s(17));

        DrainReport receipt = pod.report();
        assertThat(receipt.phase()).isEqualTo(DrainPhase.DRAINED);
        assertThat(receipt.remaining()).isZero();
        assertThat(receipt.addsUp()).isTrue();
        assertThat(all.stream().flatMap(List::stream))
            .hasSize(60)
            .allMatch(client -> client.handle().sealed() && !client.closes.isEmpty());
      }
    }
  }

  @Test
  void drain_fromManyThreads_isOne() throws Exception {
    try (Race race = new Race(4)) {
      for (int round = 0; round < 200; round++) {
        VirtualPod pod = VirtualPod.serving();
        Callable<CompletionStage<DrainReport>> draining =
            () -> pod.coordinator.drain(DrainReason.MANUAL).done();
        List<CompletionStage<DrainReport>> stages =
            race.run(List.of(draining, draining, draining, draining));
        pod.advance(Times.s(6));

        DrainReport receipt = VirtualPod.done(stages.get(0));
        for (CompletionStage<DrainReport> stage : stages) {
          assertThat(VirtualPod.done(stage)).isSameAs(receipt);
        }
        assertThat(receipt.epoch()).isEqualTo(1);
        assertThat(pod.printed()).hasSize(1);
      }
    }
  }

  @Test
  void workThatEnds_besideARecall_endsItsConnectionOrKeepsIt() throws Exception {
    try (Race race = new Race(2)) {
      for (int round = 0; round < 500; round++) {
        VirtualPod pod = VirtualPod.serving();
        FakeClient client = pod.stock("c");
        client.handle().tryEnter();
        pod.drain(DrainReason.MANUAL);
        pod.advanceTo(Times.s(6));
        Callable<Boolean> ending =
            () -> {
              client.handle().exit();
              return true;
            };
        Callable<Boolean> recalling =
            () -> {
              pod.coordinator.resume();
              return true;
            };
        race.run(List.of(ending, recalling));

        boolean sealed = client.handle().sealed();
        assertThat(client.closes).hasSize(sealed ? 1 : 0);
        assertThat(pod.report().count(sealed ? Outcome.CLOSED : Outcome.KEPT)).isEqualTo(1);
        assertThat(pod.report().addsUp()).isTrue();
      }
    }
  }

  @Test
  void left_besideTheEndOfItsWork_leavesNoWorkBehind() throws Exception {
    try (Race race = new Race(2)) {
      for (int round = 0; round < 500; round++) {
        VirtualPod pod = VirtualPod.serving();
        FakeClient client = pod.stock("c").stubborn();
        WorkLease order = client.work("order");
        pod.drain(DrainReason.MANUAL);
        pod.advanceTo(Times.s(6));
        Callable<Boolean> ending =
            () -> {
              order.close();
              return true;
            };
        Callable<Boolean> leaving =
            () -> {
              client.leave(Departure.GOODBYE);
              return true;
            };
        race.run(List.of(ending, leaving));
        pod.advance(Times.TICK);

        assertThat(pod.phase()).isEqualTo(DrainPhase.DRAINED);
        assertThat(pod.report().count(Outcome.CLOSED) + pod.report().count(Outcome.LEFT))
            .isEqualTo(1);
        assertThat(pod.report().workInFlight()).isZero();
      }
    }
  }

  @Test
  void left_twiceAtTheSameMoment_isOneOutcome() throws Exception {
    try (Race race = new Race(2)) {
      for (int round = 0; round < 500; round++) {
        VirtualPod pod = VirtualPod.serving();
        FakeClient client = pod.stock("c");
        pod.drain(DrainReason.MANUAL);
        Callable<Boolean> goodbye =
            () -> {
              client.leave(Departure.GOODBYE);
              return true;
            };
        Callable<Boolean> silent =
            () -> {
              client.leave(Departure.SILENT);
              return true;
            };
        race.run(List.of(goodbye, silent));

        assertThat(pod.report().count(Outcome.LEFT) + pod.report().count(Outcome.LOST))
            .isEqualTo(1);
        assertThat(pod.report().addsUp()).isTrue();
      }
    }
  }
}
