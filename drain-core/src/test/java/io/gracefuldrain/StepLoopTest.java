package io.gracefuldrain;

import static io.gracefuldrain.Times.ms;
import static io.gracefuldrain.Times.s;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gracefuldrain.ConnectionCaller.Call;
import io.gracefuldrain.ConnectionCaller.Kind;
import java.io.PrintStream;
import java.time.Duration;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Steps that fail with anything: the next one comes, and the clock is looked at all the same. */
final class StepLoopTest {
  private final VirtualClock clock = new VirtualClock();
  private final Journal journal =
      new Journal(
          VirtualPod.policy(), new PrintStream(PrintStream.nullOutputStream()), Runnable::run);
  private final CoordinatorParts parts =
      CoordinatorParts.create(
          VirtualPod.policy(), clock, journal, new Listeners(journal), new InlineCaller());

  private void run(Runnable body) {
    parts.monitor().run(body);
  }

  private static StepLoop.Task task(Runnable step, BooleanSupplier goesOn) {
    return new StepLoop.Task() {
      @Override
      public void advance(long now, List<Call> calls) {
        step.run();
      }

      @Override
      public boolean goesOn() {
        return goesOn.getAsBoolean();
      }
    };
  }

  @Test
  void step_afterOneThatFailed_comes() {
    int[] steps = new int[1];
    parts
        .steps()
        .drive(
            task(
                () -> {
                  if (steps[0]++ < 3) {
                    throw new NoClassDefFoundError("com/example/Missing");
                  }
                },
                () -> false));
    run(parts.steps()::wake);
    clock.advance(s(1));

    assertThat(steps[0]).isEqualTo(4);
    assertThat(clock.idle()).isTrue();
  }

  @Test
  void step_whoseQuestionForTheNextFails_isFollowedByOne() {
    int[] asked = new int[1];
    parts
        .steps()
        .drive(
            task(
                () -> {},
                () -> {
                  if (asked[0]++ == 0) {
                    throw new OutOfMemoryError("Java heap space");
                  }
                  return false;
                }));
    run(parts.steps()::wake);
    clock.advance(s(1));

    assertThat(asked[0]).isEqualTo(2);
  }

  @Test
  void wake_whoseOtherNewsFails_stepsAllTheSame() {
    int[] steps = new int[1];
    parts.steps().drive(task(() -> steps[0]++, () -> false));
    assertThatThrownBy(
            () ->
                run(
                    () -> {
                      parts.steps().wake();
                      throw new OutOfMemoryError("Java heap space");
                    }))
        .isInstanceOf(OutOfMemoryError.class);
    clock.advance(s(1));

    assertThat(steps[0]).isEqualTo(1);
  }

  @Test
  void calls_ofAStepThatFails_areMade() {
    TrackedConnection tracked =
        new TrackedConnection(
            handle -> new FakeClient("c", false, clock), new NoReactions(), parts.roster(), clock);
    int[] made = new int[1];
    parts
        .steps()
        .drive(
            new StepLoop.Task() {
              @Override
              public void advance(long now, List<Call> calls) {
                calls.add(new Call(tracked, Kind.LET_GO, () -> made[0]++));
                throw new StackOverflowError();
              }

              @Override
              public boolean goesOn() {
                return false;
              }
            });
    run(parts.steps()::wake);
    clock.advance(Times.TICK.dividedBy(2));

    assertThat(made[0]).isEqualTo(1);
  }

  // ---------------------------------------------------------------- when a step comes

  /** Notes when its steps come, and sleeps as long as it is told. */
  private final class Sleeper implements StepLoop.Task {
    final List<Duration> steps = new ArrayList<>();
    Duration rest = s(60);
    Runnable inStep = () -> {};

    @Override
    public void advance(long now, List<Call> calls) {
      steps.add(clock.elapsed());
      inStep.run();
    }

    @Override
    public boolean goesOn() {
      return true;
    }

    @Override
    public long rest(long now) {
      return rest.toNanos();
    }
  }

  private Sleeper sleeper(StepLoop loop) {
    Sleeper sleeper = new Sleeper();
    loop.drive(sleeper);
    return sleeper;
  }

  @Test
  void loop_sleepsUntilItsTaskSaysSo_andForASecondAtMost() {
    Sleeper sleeper = sleeper(parts.steps());
    sleeper.rest = ms(300);
    run(parts.steps()::wake);
    clock.advance(ms(600));
    sleeper.rest = s(60);
    clock.advance(ms(2300));

    assertThat(sleeper.steps)
        .containsExactly(Duration.ZERO, ms(300), ms(600), ms(900), ms(1900), ms(2900));
  }

  @Test
  void wake_asleep_stepsAtOnce_butNoSoonerThanATickAfterTheLastStep() {
    Sleeper sleeper = sleeper(parts.steps());
    run(parts.steps()::wake);
    clock.advance(ms(5));
    run(parts.steps()::wake);
    run(parts.steps()::wake);
    clock.advance(ms(300));
    run(parts.steps()::wake);
    clock.advance(Duration.ZERO);

    assertThat(sleeper.steps).containsExactly(Duration.ZERO, Times.TICK, ms(305));
  }

  @Test
  void wake_asleep_replacesTheStepThatWasScheduled() {
    Sleeper sleeper = sleeper(parts.steps());
    run(parts.steps()::wake);
    clock.advance(ms(990));
    run(parts.steps()::wake);
    clock.advance(ms(990));

    assertThat(sleeper.steps).as("none at 1,000 ms").containsExactly(Duration.ZERO, ms(990));
  }

  @Test
  void wake_whileAStepDecides_isFollowedByAStep() {
    Sleeper sleeper = sleeper(parts.steps());
    sleeper.inStep = parts.steps()::wake;
    run(parts.steps()::wake);
    clock.advance(Times.TICK);

    assertThat(sleeper.steps).containsExactly(Duration.ZERO, Times.TICK);
  }

  /** The moment in which a wake-up is lost most easily: it has decided, and does not sleep yet. */
  @Test
  void wake_betweenAStepAndItsSleep_isFollowedByAStep() {
    List<StepLoop> loops = new ArrayList<>();
    ConnectionCaller caller =
        new FailingCaller(
            () -> {
              run(loops.get(0)::wake);
              return null;
            });
    StepLoop loop = new StepLoop(clock, journal, parts.monitor(), parts.state(), caller);
    loops.add(loop);
    Sleeper sleeper = sleeper(loop);
    run(loop::wake);
    clock.advance(Times.TICK);

    assertThat(sleeper.steps).containsExactly(Duration.ZERO, Times.TICK);
  }

  @Test
  void wake_whoseStepCannotBeScheduled_leavesTheOneThatWas() {
    Sleeper sleeper = sleeper(parts.steps());
    run(parts.steps()::wake);
    clock.advance(ms(500));
    clock.refuseNext(new OutOfMemoryError("unable to create native thread"));
    assertThatThrownBy(() -> run(parts.steps()::wake)).isInstanceOf(OutOfMemoryError.class);
    clock.advance(ms(500));

    assertThat(sleeper.steps).containsExactly(Duration.ZERO, s(1));
  }

  @Test
  void sleep_thatCannotBeScheduled_isATick() {
    Sleeper sleeper = sleeper(parts.steps());
    sleeper.inStep = () -> clock.refuseNext(new OutOfMemoryError("Java heap space"));
    run(parts.steps()::wake);
    clock.advance(Duration.ZERO);
    sleeper.inStep = () -> {};
    clock.advance(ms(500));

    assertThat(sleeper.steps).containsExactly(Duration.ZERO, Times.TICK);
  }

  @Test
  void drain_whoseEveryStepFails_endsInTimeAllTheSame() {
    SlotScheduler scheduler = new SlotScheduler(parts);
    ConnectionRegistry registry = new ConnectionRegistry(parts, scheduler, new CrashPlans(parts));
    Shed shed = new Shed(parts, scheduler);
    DrainLifecycle lifecycle =
        new DrainLifecycle(parts, true, shed, registry, new Participants(parts));
    DrainLoop loop =
        new DrainLoop(parts, scheduler, shed, lifecycle, new PreStopHooks(parts, lifecycle));
    List<Call> full =
        new AbstractList<>() {
          @Override
          public boolean add(Call call) {
            throw new OutOfMemoryError("Java heap space");
          }

          @Override
          public Call get(int index) {
            throw new IndexOutOfBoundsException(index);
          }

          @Override
          public int size() {
            return 0;
          }
        };
    List<Throwable> failures = new ArrayList<>();
    parts
        .steps()
        .drive(
            new StepLoop.Task() {
              @Override
              public void advance(long now, List<Call> calls) {
                try {
                  loop.advance(now, full);
                } catch (OutOfMemoryError e) {
                  failures.add(e);
                }
              }

              @Override
              public boolean goesOn() {
                return loop.goesOn();
              }
            });
    for (int i = 0; i < 500; i++) {
      FakeClient client = new FakeClient("c" + i, false, clock);
      registry.register(handle -> client);
    }
    run(lifecycle::started);
    run(() -> lifecycle.drain(DrainReason.SIGTERM, null, false));
    clock.advance(VirtualPod.policy().total().plus(Times.TICK));

    assertThat(failures).isNotEmpty();
    assertThat(parts.state().phase()).isEqualTo(DrainPhase.DRAINED);
  }

  /** Nobody hears what the adapter says. */
  private static final class NoReactions implements TrackedConnection.Reactions {
    @Override
    public void aware(TrackedConnection tracked) {}

    @Override
    public void becameIdle(TrackedConnection tracked) {}

    @Override
    public long waitLeft(long now) {
      return Lease.UNLIMITED;
    }

    @Override
    public void heard(TrackedConnection tracked) {}

    @Override
    public void landed(TrackedConnection tracked, String pod, Duration connectTime) {}

    @Override
    public <T> T asked(Supplier<T> question) {
      return question.get();
    }

    @Override
    public void left(TrackedConnection tracked, Departure how) {}
  }
}
