package io.gracefuldrain.benchmarks;

import io.gracefuldrain.ConnectionHandle;
import io.gracefuldrain.Departure;
import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.DrainPolicy;
import io.netty.channel.Channel;
import io.netty.channel.DefaultChannelId;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A connection comes and goes. One operation admits a connection, which then leaves, or puts and
 * removes an entry.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 600, timeUnit = TimeUnit.MILLISECONDS)
@State(Scope.Benchmark)
public abstract class AdmitBenchmark {
  /** One thread. */
  @Threads(1)
  public static class Alone extends AdmitBenchmark {}

  /** Two threads. */
  @Threads(2)
  public static class Together extends AdmitBenchmark {}

  /** Four threads. */
  @Threads(4)
  public static class FourTogether extends AdmitBenchmark {}

  /** The state of one thread. */
  @State(Scope.Thread)
  public static class Arrivals {
    private static final int CHANNELS = 256;

    private final SplittableRandom random = new SplittableRandom();
    private final Channel[] channels = new Channel[CHANNELS];
    private int next;

    /** Opens the channels, since to make one costs more than all that is measured. */
    @Setup
    public void open() {
      for (int i = 0; i < CHANNELS; i++) {
        channels[i] = channel();
      }
    }

    /** Closes them. */
    @TearDown
    public void close() {
      for (Channel channel : channels) {
        channel.close().awaitUninterruptibly(10_000);
      }
    }

    Peer peer() {
      return Peer.fresh(random);
    }

    Channel nextChannel() {
      return channels[next++ & CHANNELS - 1];
    }
  }

  /** How many others are connected. */
  @Param({"0", "10000"})
  public int others;

  private final DrainCoordinator coordinator = DrainCoordinator.create(DrainPolicy.defaults());
  private final ConcurrentHashMap<UUID, Peer> map = new ConcurrentHashMap<>();
  private final ChannelGroup group = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);

  // All embedded channels have the same id unless they are given one.
  private static Channel channel() {
    return new EmbeddedChannel(DefaultChannelId.newInstance());
  }

  /** Connects the others. The coordinator serves. */
  @Setup
  public void connectOthers() {
    coordinator.started();
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < others; i++) {
      Peer peer = Peer.fresh(random);
      coordinator.register(peer);
      map.put(peer.uuid(), peer);
      group.add(channel());
    }
  }

  /** Ends the coordinator's threads. */
  @TearDown
  public void stop() {
    coordinator.close();
    group.close().awaitUninterruptibly(10_000);
  }

  /** A bare entry with a fresh key. */
  @Benchmark
  public @Nullable Peer concurrentHashMap(Arrivals arrivals) {
    Peer peer = arrivals.peer();
    map.put(peer.uuid(), peer);
    return map.remove(peer.uuid());
  }

  /** A channel that exists already. The group allocates neither a key nor an entry. */
  @Benchmark
  public boolean channelGroup(Arrivals arrivals) {
    Channel channel = arrivals.nextChannel();
    boolean added = group.add(channel);
    return group.remove(channel) && added;
  }

  /** A tracked connection, with its id as a string, its gate and its place in line. */
  @Benchmark
  public ConnectionHandle coordinator(Arrivals arrivals) {
    ConnectionHandle handle = coordinator.register(arrivals.peer());
    handle.left(Departure.GOODBYE);
    return handle;
  }
}
