package io.gracefuldrain.benchmarks;

import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.DrainPhase;
import io.gracefuldrain.DrainPolicy;
import io.gracefuldrain.DrainReason;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * How long a connection that comes and goes waits at most while a drain moves many others, in real
 * time. Beside it, the same without a drain: that is what the machine does to it. A wait in which
 * the collector has stopped the world is left out: that is no wait for the lock.
 */
final class LockWait {
  private static final int CLIENTS = 50_000;
  private static final double MOST_MICROS = 1_000;
  // Shorter ones are no pause of the collector.
  private static final double LONG_MICROS = 100;
  private static final long BETWEEN = TimeUnit.MICROSECONDS.toNanos(50);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  // A serving pod is watched for as long as a drain takes, about.
  private static final Duration SERVING = Duration.ofSeconds(4);

  /** The longest of many, and one in a thousand. */
  private record Waits(double longest, double inThousand) {}

  // All that the collector has done until now.
  private static long collections;

  private LockWait() {}

  /** Measures all kinds of clients. */
  static void run(boolean quick, Table table) {
    int rounds = quick ? 1 : 3;
    watch(PodClient.Kind.IDLE, true); // warms up
    List<Waits> serving = new ArrayList<>();
    for (int i = 0; i < rounds; i++) {
      serving.add(watch(PodClient.Kind.IDLE, false));
    }
    for (PodClient.Kind kind : PodClient.Kind.values()) {
      List<Waits> drains = new ArrayList<>();
      for (int i = 0; i < rounds; i++) {
        drains.add(watch(kind, true));
      }
      String name =
          ", admit and leave while " + CLIENTS + " " + kind.name().toLowerCase(Locale.ROOT) + " go";
      table.add(
          Row.beside("longest" + name, "us", longest(drains), "serving", longest(serving))
              .atMost(MOST_MICROS));
      table.add(
          Row.beside(
              "1 in 1,000" + name, "us", inThousand(drains), "serving", inThousand(serving)));
    }
  }

  private static Spread longest(List<Waits> all) {
    return Spread.of(all.stream().map(Waits::longest).toList());
  }

  private static Spread inThousand(List<Waits> all) {
    return Spread.of(all.stream().map(Waits::inThousand).toList());
  }

  private static Waits watch(PodClient.Kind kind, boolean drains) {
    DrainPolicy policy =
        DrainPolicy.defaults()
            .withReadinessDelayMin(Duration.ZERO)
            .withReadinessDelayMax(Duration.ZERO)
            .withSettleGrace(Duration.ofSeconds(2))
            .withForceTimeout(Duration.ofSeconds(1))
            .withLinger(Duration.ZERO)
            .withReceipt(DrainPolicy.Receipt.LOG);
    SplittableRandom random = new SplittableRandom(1);
    try (DrainCoordinator coordinator = DrainCoordinator.create(policy)) {
      coordinator.started();
      for (int i = 0; i < CLIENTS; i++) {
        PodClient.connect(coordinator, kind, random);
      }
      System.gc(); // not while it is watched
      if (drains) {
        coordinator.drain(DrainReason.MANUAL);
      }
      return comeAndGo(coordinator, random, drains ? DrainPhase.DRAINED : null);
    }
  }

  /** Whether the collector has stopped the world since this was asked before. */
  private static boolean collected() {
    long before = collections;
    collections =
        ManagementFactory.getGarbageCollectorMXBeans().stream()
            .mapToLong(GarbageCollectorMXBean::getCollectionCount)
            .sum();
    return collections != before;
  }

  private static Waits comeAndGo(
      DrainCoordinator coordinator, SplittableRandom random, @Nullable DrainPhase until) {
    long most = (until == null ? SERVING : PATIENCE).toNanos();
    long begun = System.nanoTime();
    List<Double> micros = new ArrayList<>();
    var unused = collected();
    while (coordinator.phase() != until && System.nanoTime() - begun < most) {
      long before = System.nanoTime();
      PodClient.connect(coordinator, PodClient.Kind.IDLE, random).leave();
      double took = (System.nanoTime() - before) / 1e3;
      if (took < LONG_MICROS || !collected()) {
        micros.add(took);
      }
      LockSupport.parkNanos(BETWEEN);
    }
    List<Double> sorted = micros.stream().sorted().toList();
    int last = sorted.size() - 1;
    return new Waits(sorted.get(last), sorted.get(last - last / 1_000));
  }
}
