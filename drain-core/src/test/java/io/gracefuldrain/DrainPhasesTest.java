package io.gracefuldrain;

import static io.gracefuldrain.Times.ms;
import static io.gracefuldrain.Times.s;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class DrainPhasesTest {
  @Test
  void drain_ofSomebodyWhoStays_takesEachPhaseItsWholeTime() {
    VirtualPod pod = VirtualPod.serving();
    FakeClient client = pod.stock("c").stubborn();
    client.work("endless");

    pod.drain(DrainReason.SIGTERM);

    assertThat(pod.phase()).isEqualTo(DrainPhase.UNREADY);
    pod.advanceTo(ms(4980));
    assertThat(pod.phase()).isEqualTo(DrainPhase.UNREADY);
    pod.advanceTo(s(5));
    assertThat(pod.phase()).isEqualTo(DrainPhase.MOVING);
    pod.advanceTo(ms(14_980));
    assertThat(pod.phase()).isEqualTo(DrainPhase.MOVING);
    pod.advanceTo(s(15));
    assertThat(pod.phase()).isEqualTo(DrainPhase.SETTLING);
    pod.advanceTo(ms(19_980));
    assertThat(pod.phase()).isEqualTo(DrainPhase.SETTLING);
    pod.advanceTo(s(20));
    assertThat(pod.phase()).isEqualTo(DrainPhase.FORCING);
    assertThat(client.closes).containsExactly(CloseManner.FORCE);
    pod.advanceTo(ms(20_980));
    assertThat(pod.phase()).isEqualTo(DrainPhase.FORCING);
    pod.advanceTo(s(21));
    assertThat(pod.phase()).isEqualTo(DrainPhase.DRAINED);

    DrainReport report = pod.report();
    assertThat(report.elapsed()).isEqualTo(s(21)).isEqualTo(VirtualPod.policy().total());
    assertThat(report.phases())
        .containsOnly(
            entry(DrainPhase.UNREADY, s(5)),
            entry(DrainPhase.MOVING, s(10)),
            entry(DrainPhase.SETTLING, s(5)),
            entry(DrainPhase.FORCING, s(1)));
    assertThat(report.outcomes()).containsOnly(entry(Outcome.FORCED, 1));
    assertThat(report.workAbandoned()).isEqualTo(1);
    assertThat(report.startedAt()).isEqualTo(VirtualClock.MORNING);
    assertThat(report.addsUp()).isTrue();
  }

  @Test
  void drain_ofAnEmptyPod_endsWithItsReadinessDelay() throws Exception {
    VirtualPod pod = VirtualPod.serving();

    CompletionStage<DrainReport> done = pod.drain(DrainReason.SIGTERM);
    pod.advanceTo(ms(4980));
    assertThat(pod.phase()).isEqualTo(DrainPhase.UNREADY);
    pod.advanceTo(s(5));

    DrainReport receipt = VirtualPod.done(done);
    assertThat(receipt.phase()).isEqualTo(DrainPhase.DRAINED);
    assertThat(receipt.elapsed()).isEqualTo(s(5));
    assertThat(receipt.tracked()).isZero();
  }

  @Test
  void drain_onceTheLastHasGone_waitsForNobody() {
    VirtualPod pod = VirtualPod.serving();
    FakeClient client = pod.stock("c").stubborn();
    pod.drain(DrainReason.SIGTERM);
    pod.advanceTo(s(7));
    assertThat(client.closes).containsExactly(CloseManner.LET_GO);

    client.leave(Departure.SILENT);
    pod.advance(Times.TICK);

    assertThat(pod.phase()).isEqualTo(DrainPhase.DRAINED);
    assertThat(pod.report().outcomes()).containsOnly(entry(Outcome.CLOSED, 1));
    assertThat(pod.report().phases().get(DrainPhase.MOVING)).isEqualTo(ms(2020));
  }

  @Test
  void drain_withWorkOfThePod_waitsForItWhenConnectionsAreGone() {
    VirtualPod pod = VirtualPod.serving();
    WorkLease request = pod.coordinator.work().tryBegin("GET /slow");
    pod.drain(DrainReason.SIGTERM);

    pod.advanceTo(s(5));
    assertThat(pod.phase()).isEqualTo(DrainPhase.SETTLING);
    assertThat(pod.coordinator.work().sealed()).isTrue();
    assertThat(pod.coordinator.work().tryBegin("GET /late")).isNull();
    pod.advanceTo(s(7));
    assertThat(pod.phase()).isEqualTo(DrainPhase.SETTLING);
    assertThat(pod.report().oldestWork())
        .isEqualTo(new DrainReport.OldestWork("pod", "GET /slow", s(7)));

    request.close();
    pod.advance(Times.TICK);
    assertThat(pod.phase()).isEqualTo(DrainPhase.DRAINED);
    assertThat(pod.report().workAbandoned()).isZero();
  }

  @Test
  void drain_withWorkOfThePodThatNeverEnds_abandonsAndCountsIt() {
    VirtualPod pod = VirtualPod.serving();
    pod.coordinator.work().tryBegin("endless");
    pod.drain(DrainReason.SIGTERM);

    pod.advanceTo(DrainPhase.DRAINED);

    assertThat(pod.report().elapsed()).isEqualTo(s(5 + 5 + 1));
    assertThat(pod.report().workAbandoned()).isEqualTo(1);
    assertThat(pod.report().workInFlight()).isEqualTo(1);
  }

  @Test
  void work_untilTheEndOfMoving_isAdmitted() {
    VirtualPod pod = VirtualPod.serving();
    pod.stock("c").work("long");
    pod.drain(DrainReason.SIGTERM);

    pod.advanceTo(ms(14_980));
    assertThat(pod.coordinator.work().tryBegin("GET /")).isNotNull();
    pod.advanceTo(s(15));
    assertThat(pod.coordinator.work().tryBegin("GET /")).isNull();
  }

  @Test
  void completion_withALinger_comesAfterIt() throws Exception {
    VirtualPod pod = VirtualPod.serving(VirtualPod.policy().withLinger(s(2)));
    CompletionStage<DrainReport> done = pod.drain(DrainReason.SIGTERM);

    pod.advanceTo(ms(6980));
    assertThat(pod.phase()).isEqualTo(DrainPhase.DRAINED);
    assertThat(done.toCompletableFuture()).isNotDone();
    assertThat(pod.report().budgetRemaining()).isEqualTo(ms(20));
    pod.advanceTo(s(7));

    assertThat(VirtualPod.done(done).elapsed()).as("the linger is not part of it").isEqualTo(s(5));
  }

  @Test
  void deadline_withStallsInEveryPhase_isMetAllTheSame() {
    VirtualPod pod = VirtualPod.serving();
    pod.stock("c").stubborn().work("endless");
    pod.drain(DrainReason.SIGTERM);

    for (int second : new int[] {4, 14, 19}) {
      pod.advanceTo(s(second));
      pod.clock.stall(ms(1700));
      pod.advance(Duration.ZERO);
    }
    assertThat(pod.phase()).isEqualTo(DrainPhase.FORCING);
    pod.advanceTo(s(21));

    assertThat(pod.phase()).isEqualTo(DrainPhase.DRAINED);
    assertThat(pod.report().elapsed()).isEqualTo(s(21));
  }

  @Test
  void deadline_passedInAStall_endsTheDrainOnceEverybodyWasCalled() {
    VirtualPod pod = VirtualPod.serving();
    FakeClient client = pod.stock("c");
    pod.drain(DrainReason.SIGTERM);

    pod.clock.stall(s(60));
    pod.advance(Times.TICK);

    assertThat(pod.phase()).isEqualTo(DrainPhase.DRAINED);
    assertThat(client.closes).contains(CloseManner.FORCE);
    assertThat(pod.report().count(Outcome.FORCED)).isEqualTo(1);
  }

  @Test
  void listener_ofADrain_isToldEachPhaseInOrder() throws Exception {
    VirtualPod pod = VirtualPod.serving();
    BlockingQueue<DrainPhase> told = new LinkedBlockingQueue<>();
    pod.coordinator.addListener(
        new DrainListener() {
          @Override
          public void phaseChanged(DrainPhase from, DrainPhase to, DrainReport report) {
            assertThat(report.phase()).isEqualTo(to);
            told.add(to);
          }
        });
    pod.drain(DrainReason.SIGTERM);
    pod.advanceTo(DrainPhase.DRAINED);

    for (DrainPhase expected :
        new DrainPhase[] {
          DrainPhase.UNREADY,
          DrainPhase.MOVING,
          DrainPhase.SETTLING,
          DrainPhase.FORCING,
          DrainPhase.DRAINED
        }) {
      assertThat(told.poll(10, TimeUnit.SECONDS)).isEqualTo(expected);
    }
  }

  @Test
  void log_ofADrain_hasOneCodedLineForEachPhaseAndEachTenth() {
    try (Log log = new Log()) {
      VirtualPod pod = VirtualPod.serving();
      pod.stock(20);
      pod.drain(DrainReason.SIGTERM);
      pod.advanceTo(DrainPhase.DRAINED);

      for (LogCode code :
          new LogCode[] {
            LogCode.STARTED,
            LogCode.UNREADY,
            LogCode.MOVING,
            LogCode.SETTLING,
            LogCode.FORCING,
            LogCode.DRAINED
          }) {
        assertThat(log.lines(code)).as(code.name()).hasSize(1);
      }
      assertThat(log.lines(LogCode.PROGRESS)).hasSize(10);
      assertThat(log.lines(LogCode.UNREADY).get(0))
          .contains(
              "\"reasons\":[\"SIGTERM\"]", "\"connections\":20", "\"budgetRemainingMs\":21000");
    }
  }

  @Test
  void started_completesItsStageOnce() {
    VirtualPod pod = new VirtualPod(VirtualPod.policy(), true);
    assertThat(pod.phase()).isEqualTo(DrainPhase.STARTING);
    assertThat(pod.coordinator.ready()).isFalse();
    assertThat(pod.coordinator.whenStarted().toCompletableFuture()).isNotDone();

    pod.coordinator.started();
    pod.coordinator.started();

    assertThat(pod.phase()).isEqualTo(DrainPhase.SERVING);
    assertThat(pod.coordinator.ready()).isTrue();
    assertThat(pod.coordinator.whenStarted().toCompletableFuture()).isCompleted();
  }

  @Test
  void started_duringADrain_doesNotStopIt() {
    VirtualPod pod = new VirtualPod(VirtualPod.policy(), true);
    pod.drain(DrainReason.SIGTERM);

    pod.coordinator.started();

    assertThat(pod.phase()).isEqualTo(DrainPhase.UNREADY);
    assertThat(pod.coordinator.whenStarted().toCompletableFuture()).isCompleted();
    pod.advanceTo(DrainPhase.DRAINED);
    assertThat(pod.report().elapsed()).isEqualTo(s(5));
  }

  @Test
  void budgetRemaining_duringADrain_countsDownToTheDeadline() {
    VirtualPod pod = VirtualPod.serving();
    pod.stock("c").stubborn().work("endless");
    assertThat(pod.report().budgetRemaining()).isEqualTo(Duration.ZERO);
    pod.drain(DrainReason.SIGTERM);

    for (int second = 0; second <= 21; second++) {
      pod.advanceTo(s(second));
      assertThat(pod.report().budgetRemaining()).isEqualTo(s(21 - second));
    }
  }

  @Test
  void clock_afterTheDrain_isLeftInPeace() {
    VirtualPod pod = VirtualPod.serving();
    pod.stock(3);
    pod.drain(DrainReason.SIGTERM);
    pod.advanceTo(DrainPhase.DRAINED);

    pod.advance(Times.TICK);

    assertThat(pod.clock.idle()).isTrue();
  }
}
