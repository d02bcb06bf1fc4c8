package io.gracefuldrain;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/** A coordinator on virtual time, with its output. */
final class VirtualPod implements AutoCloseable {
  final VirtualClock clock;
  final DrainCoordinator coordinator;
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

  VirtualPod(DrainPolicy policy, boolean inKubernetes, DrainCoordinator.CallerFactory callers) {
    this(policy, inKubernetes, callers, new VirtualClock());
  }

  private VirtualPod(
      DrainPolicy policy,
      boolean inKubernetes,
      DrainCoordinator.CallerFactory callers,
      VirtualClock clock) {
    this.clock = clock;
    Journal journal =
        new Journal(policy, new PrintStream(printed, true, StandardCharsets.UTF_8), Runnable::run);
    coordinator = new DrainCoordinator(policy, clock, journal, inKubernetes, callers);
  }

  /** With the real thread of its log, and with standard output of one's own. */
  VirtualPod(DrainPolicy policy, PrintStream out) {
    clock = new VirtualClock();
    Journal journal = new Journal(policy, out, new SerialThread("drain-log"));
    coordinator =
        new DrainCoordinator(policy, clock, journal, true, (time, log) -> new InlineCaller());
  }

  VirtualPod(DrainPolicy policy, boolean inKubernetes) {
    this(policy, inKubernetes, (clock, journal) -> new InlineCaller());
  }

  /** The defaults, without the termination log, which a container may have here. */
  static DrainPolicy policy() {
    return DrainPolicy.defaults().withPod("pod-a").withGeneration("g1").withTerminationLog("");
  }

  static VirtualPod serving() {
    return serving(policy());
  }

  static VirtualPod serving(DrainPolicy policy) {
    VirtualPod pod = new VirtualPod(policy, true);
    pod.coordinator.started();
    return pod;
  }

  /** One more coordinator of the same process, at the same time. */
  VirtualPod besides(DrainPolicy policy) {
    VirtualPod other = new VirtualPod(policy, true, (time, journal) -> new InlineCaller(), clock);
    other.coordinator.started();
    return other;
  }

  /** With the real way to connections: a thread of its own. */
  static VirtualPod servingWithThreads(DrainPolicy policy) {
    VirtualPod pod = new VirtualPod(policy, true, CallWorkers::new);
    pod.coordinator.started();
    return pod;
  }

  FakeClient stock(String id) {
    return new FakeClient(id, false, clock).register(coordinator);
  }

  FakeClient aware(String id) {
    return new FakeClient(id, true, clock).register(coordinator);
  }

  List<FakeClient> stock(int count) {
    return new ArrayList<>(IntStream.range(0, count).mapToObj(i -> stock("c" + i)).toList());
  }

  CompletionStage<DrainReport> drain(DrainReason reason) {
    CompletionStage<DrainReport> done = coordinator.drain(reason).done();
    advance(Duration.ZERO);
    return done;
  }

  CompletionStage<DrainReport> drain(DrainReason reason, Duration within) {
    CompletionStage<DrainReport> done = coordinator.drain(reason).within(within).done();
    advance(Duration.ZERO);
    return done;
  }

  /** A request of the preStop hook whose caller can be reached. */
  PreStopCall hook() {
    return hook(() -> true);
  }

  /** A request of the preStop hook whose caller has gone. */
  PreStopCall brokenHook() {
    return hook(() -> false);
  }

  PreStopCall hook(BooleanSupplier stillThere) {
    PreStopCall call = coordinator.preStop(stillThere);
    advance(Times.TICK);
    return call;
  }

  void advance(Duration by) {
    clock.advance(by);
  }

  void advanceTo(Duration time) {
    clock.advance(time.minus(clock.elapsed()));
  }

  /** Until the phase has come, at most a day. */
  void advanceTo(DrainPhase phase) {
    Duration tick = Duration.ofNanos(StepLoop.TICK);
    Duration limit = clock.elapsed().plusDays(1);
    while (phase() != phase) {
      if (clock.elapsed().compareTo(limit) > 0) {
        throw new AssertionError("still " + phase() + " (expected: " + phase + ")");
      }
      advance(tick);
    }
  }

  DrainPhase phase() {
    return coordinator.phase();
  }

  DrainReport report() {
    return coordinator.report();
  }

  List<String> printed() {
    return printed.toString(StandardCharsets.UTF_8).lines().toList();
  }

  /** The result of a stage; the coordinator completes stages on a thread of its own. */
  static DrainReport done(CompletionStage<DrainReport> stage) throws Exception {
    return stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    coordinator.close();
  }
}
