package io.gracefuldrain.benchmarks;

import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.DrainPolicy;
import io.gracefuldrain.DrainReason;
import io.gracefuldrain.Pacing;
import io.gracefuldrain.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * What a step of the drain costs, and a report, by the number of connections. The coordinator lives
 * in virtual time, so a step is measured alone, on one thread. It holds the lock for less than it
 * takes.
 */
final class StepCost {
  private static final int MOVED = 10;
  private static final Duration TICK = Duration.ofMillis(20);
  private static final int WARM_UP = 10;
  private static final int STEPS = 500;
  // Some things are done every 250 ms only: the mean of a round has its part of them.
  private static final int ROUND = 13;
  private static final int ROUNDS = 20;
  // The slots are over long before, and no hint grace is over during the steps that follow.
  private static final Duration STANDING = Duration.ofSeconds(15);
  private static final int REPORTS = 50;
  // A step moves as many clients at any size, so it should cost as much; memory is farther away.
  private static final double MOST = 3;
  private static final int USUAL = 10_000;

  /** What a drain is in the middle of. */
  private enum Stage {
    /** Slots are given, ten at each step. */
    MOVING,
    /** All have been hinted, and have time. */
    HINTED,
    /** All have had their slot, and their work goes on. */
    DUE
  }

  private final VirtualTime time = new VirtualTime();
  private final DrainCoordinator coordinator;
  private final int clients;

  private StepCost(int clients, PodClient.Kind kind, Stage stage) {
    this.clients = clients;
    coordinator = time.coordinator(policy(clients, stage));
    coordinator.started();
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < clients; i++) {
      PodClient.connect(coordinator, kind, random);
    }
  }

  private static DrainPolicy policy(int clients, Stage stage) {
    Duration slots =
        stage == Stage.MOVING ? TICK.multipliedBy(clients / MOVED) : Duration.ofSeconds(5);
    DrainPolicy policy =
        DrainPolicy.defaults()
            .withReadinessDelayMin(Duration.ZERO)
            .withReadinessDelayMax(Duration.ZERO)
            .withGracePeriod(Duration.ofHours(2))
            .withReceipt(DrainPolicy.Receipt.LOG);
    return switch (stage) {
      case MOVING -> policy.withMoveWindow(slots.plus(policy.hintGrace()));
      case HINTED ->
          policy // a hint grace takes at most half of the window, so the slots have to be faster
              .withHintGrace(STANDING.multipliedBy(2))
              .withMoveWindow(STANDING.multipliedBy(4))
              .withPacing(Pacing.atRate(clients / (int) slots.toSeconds()));
      case DUE -> policy.withMoveWindow(slots).withSettleGrace(STANDING.multipliedBy(2));
    };
  }

  /** Measures all sizes. */
  static void run(boolean quick, Table table) {
    for (int round = 0; round < WARM_UP; round++) {
      for (PodClient.Kind kind : PodClient.Kind.values()) {
        for (Stage stage : Stage.values()) {
          StepCost pod = new StepCost(5_000, kind, stage);
          Spread reports = pod.reports();
          var unused = List.of(reports, pod.drained(stage));
          pod.coordinator.close();
        }
      }
    }
    int[] sizes =
        quick ? new int[] {10_000, 100_000} : new int[] {1_000, 10_000, 50_000, 100_000, 1_000_000};
    for (PodClient.Kind kind : PodClient.Kind.values()) {
      compare(sizes, kind, Stage.MOVING, table);
    }
    compare(sizes, PodClient.Kind.AWARE, Stage.HINTED, table);
    compare(sizes, PodClient.Kind.BUSY, Stage.DUE, table);
    for (PodClient.Kind kind : List.of(PodClient.Kind.IDLE, PodClient.Kind.BUSY)) {
      for (int size : sizes) {
        StepCost pod = new StepCost(size, kind, Stage.MOVING);
        table.add(Row.alone("report(), " + size + " " + name(kind), "us", pod.reports()));
        pod.coordinator.close();
      }
    }
  }

  private static void compare(int[] sizes, PodClient.Kind kind, Stage stage, Table table) {
    Spread usual = null;
    for (int size : sizes) {
      StepCost pod = new StepCost(size, kind, stage);
      Spread took = pod.drained(stage);
      pod.coordinator.close();
      String name =
          stage == Stage.MOVING
              ? "a step that moves " + MOVED + " of " + size + " " + name(kind)
              : "a step while " + size + " " + name(kind) + " have had their slot";
      if (size <= USUAL) {
        usual = took;
      }
      if (size <= USUAL || usual == null) {
        table.add(Row.alone(name, "us", took));
      } else {
        table.add(Row.beside(name, "us", took, USUAL + ":", usual).ratioAtMost(MOST));
      }
    }
  }

  private static String name(PodClient.Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }

  private Spread drained(Stage stage) {
    coordinator.drain(DrainReason.MANUAL);
    if (stage == Stage.MOVING) {
      return steps(Math.min(STEPS, clients / MOVED - 1), 1);
    }
    time.advance(STANDING);
    return steps(ROUNDS, ROUND);
  }

  /** What a step takes, so many times the mean of some. */
  private Spread steps(int samples, int each) {
    List<Double> micros = new ArrayList<>();
    for (int i = 0; i < samples; i++) {
      long begun = System.nanoTime();
      time.advance(TICK.multipliedBy(each));
      micros.add((System.nanoTime() - begun) / 1e3 / each);
    }
    return Spread.of(micros);
  }

  private Spread reports() {
    List<Double> micros = new ArrayList<>();
    for (int i = 0; i < REPORTS; i++) {
      long begun = System.nanoTime();
      int connections = coordinator.report().connections();
      micros.add((System.nanoTime() - begun) / 1e3);
      if (connections == 0) {
        throw new IllegalStateException("connections: 0 (expected: more)");
      }
    }
    return Spread.of(micros);
  }
}
