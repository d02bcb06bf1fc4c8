package io.gracefuldrain;

import static io.gracefuldrain.Times.s;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Reports that cannot be made, since memory is short: nobody loses what was to be heard. */
final class OwedNewsTest {
  private final VirtualClock clock = new VirtualClock();
  private final Journal journal =
      new Journal(
          VirtualPod.policy(), new PrintStream(PrintStream.nullOutputStream()), Runnable::run);
  private final Listeners listeners = new Listeners(journal);
  private final CoordinatorParts parts =
      CoordinatorParts.create(VirtualPod.policy(), clock, journal, listeners, new InlineCaller());
  private final Participants participants = new Participants(parts);
  private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
  private ConnectionRegistry registry;
  private DrainLifecycle lifecycle;

  // So many reports fail.
  private int failures;

  @BeforeEach
  void create() {
    SlotScheduler scheduler = new SlotScheduler(parts);
    registry = new ConnectionRegistry(parts, scheduler, new CrashPlans(parts));
    Shed shed = new Shed(parts, scheduler);
    lifecycle = new DrainLifecycle(parts, true, shed, registry, participants, this::report);
    parts
        .steps()
        .drive(
            new DrainLoop(parts, scheduler, shed, lifecycle, new PreStopHooks(parts, lifecycle)));
    listeners.add(
        new DrainListener() {
          @Override
          public void phaseChanged(DrainPhase from, DrainPhase to, DrainReport report) {
            heard.add(from + " " + to);
          }
        });
  }

  @AfterEach
  void close() {
    listeners.close();
  }

  private DrainReport report(long now) {
    if (failures > 0) {
      failures--;
      throw new OutOfMemoryError("Java heap space");
    }
    return parts.reports().at(now);
  }

  private DrainRecord drain() {
    DrainRecord record =
        parts.monitor().get(() -> lifecycle.drain(DrainReason.MANUAL, null, false));
    clock.advance(Duration.ZERO);
    return record;
  }

  private List<String> heard(int count) throws InterruptedException {
    List<String> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add(heard.poll(20, TimeUnit.SECONDS));
    }
    return all;
  }

  private static Function<Duration, CompletionStage<?>> into(CompletableFuture<Duration> asked) {
    return left -> {
      asked.complete(left);
      return CompletableFuture.completedFuture(null);
    };
  }

  @Test
  void phases_whoseReportFails_areToldLaterInOrder_andTheDrainEndsInTime() throws Exception {
    try (Log log = new Log()) {
      parts.monitor().run(lifecycle::started);
      FakeClient busy = new FakeClient("busy", false, clock);
      registry.register(busy::with).begin("order");
      failures = 300; // six seconds: until the move window, and a little more
      CompletableFuture<Duration> unready = new CompletableFuture<>();
      CompletableFuture<Duration> moving = new CompletableFuture<>();
      participants.add(DrainPhase.UNREADY, "consumer", into(unready), () -> {});
      participants.add(DrainPhase.MOVING, "pool", into(moving), () -> {});
      drain();
      assertThat(unready.get(20, TimeUnit.SECONDS)).isEqualTo(s(20));
      clock.advance(s(5));
      assertThat(failures).isPositive();
      assertThat(parts.state().phase()).isEqualTo(DrainPhase.MOVING);
      clock.advance(s(16));

      assertThat(failures).isZero();
      assertThat(moving).succeedsWithin(Duration.ofSeconds(20));
      assertThat(parts.state().phase()).isEqualTo(DrainPhase.DRAINED);
      assertThat(heard(6))
          .containsExactly(
              "STARTING SERVING",
              "SERVING UNREADY",
              "UNREADY MOVING",
              "MOVING SETTLING",
              "SETTLING FORCING",
              "FORCING DRAINED");
      assertThat(log.lines(LogCode.UNREADY)).hasSize(1);
      assertThat(log.lines(LogCode.MOVING)).hasSize(1);
      assertThat(log.lines(LogCode.STEP_FAILED)).as("once, and not at every step").hasSize(1);
    }
  }

  @Test
  void recall_whoseReportFails_isToldLater_andTheDrainCompletes() throws Exception {
    parts.monitor().run(lifecycle::started);
    DrainRecord record = drain();
    CompletableFuture<DrainReport> done = record.waiter(DrainReason.MANUAL).toCompletableFuture();
    failures = 3;
    parts.monitor().run(() -> lifecycle.recall(record));
    assertThat(parts.state().phase()).isEqualTo(DrainPhase.SERVING);
    assertThat(done).isNotDone();

    clock.advance(s(1));

    assertThat(done.get(20, TimeUnit.SECONDS).phase()).isEqualTo(DrainPhase.SERVING);
    assertThat(heard(3)).containsExactly("STARTING SERVING", "SERVING UNREADY", "UNREADY SERVING");
    assertThat(clock.idle()).isTrue();
  }

  @Test
  void participant_ofADrainThatWasRecalledUntold_isNotAsked() {
    participants.add(DrainPhase.UNREADY, "consumer", left -> new CompletableFuture<>(), () -> {});
    failures = 4;
    parts.monitor().run(lifecycle::started);
    DrainRecord record = drain();
    parts.monitor().run(() -> lifecycle.recall(record));
    assertThat(failures).isZero();
    clock.advance(s(1));

    assertThat(parts.work().inFlight()).as("nobody is waited for").isZero();
    assertThat(lifecycle.owesNews()).isFalse();
  }
}
