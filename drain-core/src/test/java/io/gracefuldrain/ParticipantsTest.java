package io.gracefuldrain;

import static io.gracefuldrain.Times.s;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What begins to stop at a phase, and is waited for. */
@Timeout(60)
class ParticipantsTest {
  private final VirtualPod pod = VirtualPod.serving();
  private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
  private final CompletableFuture<Void> stopped = new CompletableFuture<>();

  @AfterEach
  void close() {
    stopped.complete(null);
    pod.close();
  }

  private Registration at(DrainPhase phase, String name, CompletionStage<?> completion) {
    return at(
        phase,
        name,
        left -> {
          heard.add(name + " stop " + left.toMillis());
          return completion;
        });
  }

  private Registration at(
      DrainPhase phase, String name, Function<Duration, CompletionStage<?>> stop) {
    return pod.coordinator.at(phase, name, stop, () -> heard.add(name + " undo"));
  }

  private String next() throws InterruptedException {
    String said = heard.poll(20, TimeUnit.SECONDS);
    assertThat(said).as("what the participant hears").isNotNull();
    return said;
  }

  /** What a participant's thread is about to do; the time of this test stands still meanwhile. */
  private static void until(BooleanSupplier done) {
    while (!done.getAsBoolean()) {
      Thread.onSpinWait();
    }
  }

  // ---------------------------------------------------------------- when it is asked

  @Test
  void participant_isAskedAtItsPhase_withTheTimeThatTheDrainWaits() throws Exception {
    pod.stock(10); // so that MOVING lasts
    at(DrainPhase.UNREADY, "scheduler", stopped);
    at(DrainPhase.MOVING, "kafka", stopped);

    pod.drain(DrainReason.SIGTERM);
    DrainPolicy policy = VirtualPod.policy();
    long left = policy.total().minus(policy.forceTimeout()).minus(policy.linger()).toMillis();
    assertThat(next()).isEqualTo("scheduler stop " + left);
    assertThat(heard).isEmpty();

    pod.advanceTo(DrainPhase.MOVING);
    assertThat(next()).isEqualTo("kafka stop " + (left - policy.readinessDelayMax().toMillis()));
    pod.drain(DrainReason.SIGTERM); // joined: nobody is asked again
    pod.advance(s(1));
    assertThat(heard).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(
      value = DrainPhase.class,
      names = {"UNREADY", "MOVING"},
      mode = EnumSource.Mode.EXCLUDE)
  void at_anotherPhase_isRefused(DrainPhase phase) {
    assertThatThrownBy(() -> at(phase, "kafka", stopped))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("phase: " + phase + " (expected: UNREADY or MOVING)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "two\nlines"})
  void at_withoutAName_isRefused(String name) {
    assertThatThrownBy(() -> at(DrainPhase.MOVING, name, stopped))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("participant: '" + name + "' (expected: a name on one line)");
  }

  @Test
  void at_ofAClosedCoordinator_isRefused() {
    pod.close();
    assertThatThrownBy(() -> at(DrainPhase.MOVING, "kafka", stopped))
        .isInstanceOf(IllegalStateException.class);
  }

  @ParameterizedTest
  @EnumSource(
      value = DrainPhase.class,
      names = {"MOVING", "SETTLING"})
  void participant_thatComesWhenThePhaseHasCome_isAskedAtOnce(DrainPhase phase) throws Exception {
    FakeClient client = pod.stock("busy");
    assertThat(client.handle().tryBegin("order")).isNotNull();
    pod.drain(DrainReason.SIGTERM);
    pod.advanceTo(phase);

    at(DrainPhase.UNREADY, "late", stopped);

    assertThat(next()).startsWith("late stop ");
    // Once the pod's gate is sealed, nobody waits for more work.
    assertThat(pod.report().workInFlight()).isEqualTo(phase == DrainPhase.MOVING ? 2 : 1);
  }

  // ---------------------------------------------------------------- how it is waited for

  @Test
  void participant_thatHasNotStopped_holdsSettlingByItsName_andEndsIt() throws Exception {
    at(DrainPhase.MOVING, "kafka", stopped);
    pod.drain(DrainReason.SIGTERM);
    pod.advanceTo(DrainPhase.SETTLING);
    assertThat(pod.clock.elapsed()) // it keeps MOVING no longer than nobody would
        .isEqualTo(VirtualPod.policy().readinessDelayMax());
    pod.advance(s(1));

    DrainReport report = pod.report();
    assertThat(report.phase()).isEqualTo(DrainPhase.SETTLING);
    assertThat(report.workInFlight()).isEqualTo(1);
    assertThat(report.oldestWork()).isEqualTo(new DrainReport.OldestWork("pod", "kafka", s(1)));

    next();
    stopped.complete(null);
    until(() -> pod.report().workInFlight() == 0);
    pod.advance(Times.TICK);
    assertThat(pod.phase()).isEqualTo(DrainPhase.DRAINED);
    assertThat(pod.report().workAbandoned()).isZero();
    assertThat(pod.report().failures()).isZero();
  }

  @Test
  void participant_thatNeverStops_isAbandonedInTime() {
    at(DrainPhase.UNREADY, "kafka", stopped);
    at(DrainPhase.MOVING, "pool", stopped);
    pod.drain(DrainReason.SIGTERM);
    pod.advance(VirtualPod.policy().total());

    assertThat(pod.phase()).isEqualTo(DrainPhase.DRAINED);
    assertThat(pod.report().workAbandoned()).isEqualTo(2);
    assertThat(pod.report().addsUp()).isTrue();
  }

  @Test
  void participant_whoseFunctionHangs_delaysNoOther_andIsAbandoned() throws Exception {
    at(
        DrainPhase.MOVING,
        "hanging",
        left -> {
          stopped.join();
          return CompletableFuture.completedStage(null);
        });
    at(DrainPhase.MOVING, "kafka", CompletableFuture.completedStage(null));
    pod.drain(DrainReason.SIGTERM);
    pod.advanceTo(DrainPhase.SETTLING);
    assertThat(next()).startsWith("kafka stop ");
    until(() -> pod.report().workInFlight() == 1);

    pod.advance(VirtualPod.policy().total());
    assertThat(pod.phase()).isEqualTo(DrainPhase.DRAINED);
    assertThat(pod.report().workAbandoned()).isEqualTo(1);
  }

  @Test
  void participant_thatFails_isLoggedAndCounted_andStopsNothing() throws Exception {
    try (Log log = new Log()) {
      CountDownLatch failed = new CountDownLatch(3);
      at(DrainPhase.UNREADY, "throwing", left -> sayAndThrow(failed));
      at(DrainPhase.UNREADY, "failing", left -> sayAndFail(failed));
      at(DrainPhase.UNREADY, "silent", left -> sayNothing(failed));
      pod.drain(DrainReason.SIGTERM);
      assertThat(failed.await(20, TimeUnit.SECONDS)).isTrue();
      until(() -> log.lines(LogCode.STOP_FAILED).size() == 3);

      assertThat(pod.report().workInFlight()).isZero();
      assertThat(log.lines(LogCode.STOP_FAILED))
          .containsExactlyInAnyOrder(
              "{\"code\":\"DRAIN-033\",\"participant\":\"throwing\",\"phase\":\"UNREADY\"}",
              "{\"code\":\"DRAIN-033\",\"participant\":\"failing\",\"phase\":\"UNREADY\"}",
              "{\"code\":\"DRAIN-033\",\"participant\":\"silent\",\"phase\":\"UNREADY\"}");
      assertThat(pod.coordinator.totals().failures()).isEqualTo(3);
      pod.advanceTo(DrainPhase.DRAINED);
      assertThat(pod.clock.elapsed()).isEqualTo(VirtualPod.policy().readinessDelayMax());
    }
  }

  private static CompletionStage<?> sayAndThrow(CountDownLatch failed) {
    failed.countDown();
    throw new NoClassDefFoundError("consumer");
  }

  private static CompletionStage<?> sayAndFail(CountDownLatch failed) {
    failed.countDown();
    return CompletableFuture.failedStage(new IllegalStateException("no broker"));
  }

  @SuppressWarnings("NullAway") // as a user may
  private static CompletionStage<?> sayNothing(CountDownLatch failed) {
    failed.countDown();
    return null;
  }

  // ---------------------------------------------------------------- recall and removal

  @Test
  void recall_takesBackThoseThatWereAsked_andWaitsForNone() throws Exception {
    pod.stock(1);
    at(DrainPhase.UNREADY, "scheduler", stopped);
    at(DrainPhase.MOVING, "kafka", stopped);
    Drain drain = pod.coordinator.drain(DrainReason.MANUAL);
    assertThat(next()).startsWith("scheduler stop ");

    drain.recall();

    assertThat(next()).isEqualTo("scheduler undo");
    assertThat(pod.report().workInFlight()).isZero();
    assertThat(heard).isEmpty(); // the other was not asked

    pod.drain(DrainReason.MANUAL);
    assertThat(next()).startsWith("scheduler stop ");
    assertThat(pod.report().workInFlight()).isEqualTo(1);
  }

  @Test
  void recall_whileItIsBusy_undoesWhenItHasReturned_andThenAsksForTheNextDrain() throws Exception {
    at(
        DrainPhase.UNREADY,
        "slow",
        left -> {
          heard.add("begins");
          stopped.join();
          heard.add("returns");
          return CompletableFuture.completedStage(null);
        });
    Drain first = pod.coordinator.drain(DrainReason.MANUAL);
    assertThat(next()).isEqualTo("begins");
    first.recall();
    for (int i = 0; i < 100; i++) { // nothing queues up behind it
      pod.coordinator.drain(DrainReason.MANUAL).recall();
    }
    pod.coordinator.drain(DrainReason.MANUAL);
    assertThat(pod.report().workInFlight()).isEqualTo(1);

    stopped.complete(null);
    assertThat(List.of(next(), next(), next(), next()))
        .containsExactly("returns", "slow undo", "begins", "returns");
    assertThat(heard).isEmpty();
  }

  @Test
  void undo_thatThrows_isLoggedAndCounted() throws Exception {
    try (Log log = new Log()) {
      pod.coordinator.at(
          DrainPhase.UNREADY,
          "kafka",
          left -> {
            heard.add("stop");
            return stopped;
          },
          () -> {
            throw new AssertionError("no broker");
          });
      Drain drain = pod.coordinator.drain(DrainReason.MANUAL);
      next();
      drain.recall();
      until(() -> !log.lines(LogCode.UNDO_FAILED).isEmpty());

      assertThat(log.lines(LogCode.UNDO_FAILED))
          .containsExactly(
              "{\"code\":\"DRAIN-034\",\"participant\":\"kafka\",\"phase\":\"UNREADY\"}");
      assertThat(pod.coordinator.totals().failures()).isEqualTo(1);
      assertThat(pod.phase()).isEqualTo(DrainPhase.SERVING);
    }
  }

  @Test
  void close_ofItsRegistration_asksAndWaitsNoMore() throws Exception {
    Registration kafka = at(DrainPhase.UNREADY, "kafka", stopped);
    Registration pool = at(DrainPhase.MOVING, "pool", stopped);
    pool.close();
    pool.close();
    Drain drain = pod.coordinator.drain(DrainReason.MANUAL);
    assertThat(next()).startsWith("kafka stop ");

    kafka.close();
    assertThat(pod.report().workInFlight()).isZero();
    drain.recall();
    pod.drain(DrainReason.MANUAL);
    pod.advanceTo(DrainPhase.DRAINED);
    assertThat(heard).isEmpty();
  }

  @Test
  void thread_ofAParticipant_hasItsName_andEnds() throws Exception {
    CompletableFuture<Thread> asked = new CompletableFuture<>();
    at(
        DrainPhase.UNREADY,
        "kafka",
        left -> {
          asked.complete(Thread.currentThread());
          return stopped;
        });
    pod.drain(DrainReason.MANUAL);

    Thread thread = asked.get(20, TimeUnit.SECONDS);
    assertThat(thread.getName()).isEqualTo("drain-participant-kafka");
    assertThat(thread.isDaemon()).isTrue();
    thread.join(20_000);
    assertThat(thread.isAlive()).isFalse();
  }
}
