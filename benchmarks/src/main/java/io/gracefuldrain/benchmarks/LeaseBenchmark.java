package io.gracefuldrain.benchmarks;

import io.gracefuldrain.ConnectionHandle;
import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.DrainPolicy;
import io.gracefuldrain.WorkGate;
import io.gracefuldrain.WorkLease;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/** Work begins and ends. One operation opens and closes a lease, or counts up and down. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 600, timeUnit = TimeUnit.MILLISECONDS)
@State(Scope.Benchmark)
public abstract class LeaseBenchmark {
  /** One thread. */
  @Threads(1)
  public static class Alone extends LeaseBenchmark {}

  /** Two threads on one connection. */
  @Threads(2)
  public static class Shared extends LeaseBenchmark {}

  /** Two threads, each on its own connection. */
  @Threads(2)
  @State(Scope.Thread)
  public static class Apart extends LeaseBenchmark {}

  /** Four threads on one connection. */
  @Threads(4)
  public static class SharedByFour extends LeaseBenchmark {}

  /** Four threads, each on its own connection. */
  @Threads(4)
  @State(Scope.Thread)
  public static class FourApart extends LeaseBenchmark {}

  // The one in the middle is used, so that no other thread's word is on its cache line.
  private static final int CROWD = 64;

  private final DrainCoordinator coordinator = DrainCoordinator.create(DrainPolicy.defaults());
  private final SplittableRandom random = new SplittableRandom(1);
  private final AtomicLong[] atomics = crowd(new AtomicLong[CROWD], i -> new AtomicLong());
  private final UndertowWord[] words = crowd(new UndertowWord[CROWD], i -> new UndertowWord());
  private final ConnectionHandle[] handles =
      crowd(new ConnectionHandle[CROWD], i -> coordinator.register(Peer.fresh(random)));

  private final AtomicLong atomic = atomics[CROWD / 2];
  private final UndertowWord word = words[CROWD / 2];
  private final ConnectionHandle handle = handles[CROWD / 2];
  private final WorkGate pod = coordinator.work();

  private static <T> T[] crowd(T[] array, IntFunction<T> maker) {
    for (int i = 0; i < array.length; i++) {
      array[i] = maker.apply(i);
    }
    return array;
  }

  /** The coordinator serves, since leases are taken then. */
  @Setup
  public void start() {
    coordinator.started();
  }

  /** Ends the coordinator's threads. */
  @TearDown
  public void stop() {
    coordinator.close();
  }

  /** The least possible: a counter that never refuses. */
  @Benchmark
  public long atomicLong() {
    return atomic.incrementAndGet() + atomic.decrementAndGet();
  }

  /** One counter for a whole server, which can refuse. */
  @Benchmark
  public boolean undertowWord() {
    boolean entered = word.tryEnter();
    word.exit();
    return entered;
  }

  /** The lease around a packet's dispatch. */
  @Benchmark
  public boolean dispatchLease() {
    boolean entered = handle.tryEnter();
    handle.exit();
    return entered;
  }

  /** A lease on a connection, with a name, an age and its own close. */
  @Benchmark
  public WorkLease namedLease() {
    return ended(handle.tryBegin("order"));
  }

  /** The same on the pod's striped gate. */
  @Benchmark
  public WorkLease podLease() {
    return ended(pod.tryBegin("request"));
  }

  private static WorkLease ended(@Nullable WorkLease begun) {
    WorkLease lease = Objects.requireNonNull(begun, "the gate is sealed (expected: open)");
    lease.close();
    return lease;
  }
}
