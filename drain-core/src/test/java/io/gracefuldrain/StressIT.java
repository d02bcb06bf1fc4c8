package io.gracefuldrain;

import static org.assertj.core.api.Assertions.assertThat;

import io.gracefuldrain.testing.Await;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * A real coordinator, real time and several threads that do anything at random: it always adds up,
 * always ends, and leaves nothing behind. With {@code -Pfull} for half a minute.
 */
final class StressIT {
  private static final long SECONDS = Boolean.getBoolean("drain.full") ? 30 : 5;
  private static final int WORKERS = 3;
  private static final int EACH = 60;

  private final DrainCoordinator coordinator = DrainCoordinator.create(policy());
  private final ScheduledExecutorService later = Executors.newScheduledThreadPool(2);
  private final CountDownLatch over = new CountDownLatch(1);
  private final Queue<Throwable> problems = new ConcurrentLinkedQueue<>();
  private final AtomicInteger numbers = new AtomicInteger();

  private static DrainPolicy policy() {
    return DrainPolicy.defaults()
        .withPod("pod-a")
        .withReceipt(DrainPolicy.Receipt.LOG)
        .withTerminationLog("")
        .withReadinessDelayMin(Duration.ZERO)
        .withReadinessDelayMax(Duration.ZERO)
        .withHintGrace(Duration.ofMillis(20))
        .withMoveWindow(Duration.ofMillis(60))
        .withSettleGrace(Duration.ofMillis(40))
        .withForceTimeout(Duration.ofMillis(30))
        .withHandshakes(DrainPolicy.Handshakes.ADMIT);
  }

  /** A connection that knows its handle from the start, and behaves as chance has it. */
  private final class Peer implements DrainableConnection {
    final ConnectionHandle handle;
    private final String id = "c" + numbers.incrementAndGet();
    private final boolean aware;
    private final int manners;
    private boolean closing; // an adapter's one thread

    Peer(ConnectionHandle handle, Random random) {
      this.handle = handle;
      this.aware = random.nextBoolean();
      this.manners = random.nextInt(30);
    }

    @Override
    public String id() {
      return id;
    }

    @Override
    public String transport() {
      return "test";
    }

    @Override
    public boolean aware() {
      return aware;
    }

    @Override
    public void hint(ReconnectHint hint) {
      after(
          manners,
          () -> {
            handle.heard();
            if (manners % 3 == 0) {
              handle.landed("other", Duration.ofMillis(manners));
              handle.left(Departure.GOODBYE);
            }
          });
      if (manners == 29) {
        throw new IllegalStateException("as chance has it");
      }
    }

    @Override
    public void close(CloseManner manner, Duration within) {
      synchronized (this) {
        if (manner == CloseManner.LET_GO && !handle.sealed()) {
          return; // something came late
        }
        closing = true;
        checked(
            () -> {
              assertThat(handle.sealed()).as("%s is closed", id).isTrue();
              if (manner == CloseManner.LET_GO) {
                assertThat(handle.inFlight()).as("work of %s, which is let go", id).isZero();
              }
            });
      }
      after(manners % 8, () -> handle.left(Departure.SILENT));
    }

    synchronized boolean tryEnter() {
      return handle.tryEnter() || (!closing && handle.tryEnterLate());
    }
  }

  private void after(int millis, Runnable action) {
    var unused = later.schedule(() -> checked(action), millis, TimeUnit.MILLISECONDS);
  }

  private void checked(Runnable action) {
    try {
      action.run();
    } catch (Throwable e) {
      problems.add(e);
    }
  }

  /** Connections come, work, and go. */
  private void live(Random random) {
    Queue<Peer> mine = new ArrayDeque<>();
    while (over.getCount() > 0) {
      if (mine.size() < EACH) {
        mine.add(arrives(random));
      } else {
        Peer peer = mine.remove();
        if (random.nextInt(10) < 6) {
          works(peer, random);
          mine.add(peer);
        } else {
          leaves(peer, random);
        }
      }
      if (random.nextInt(20) == 0) {
        pause(1);
      }
    }
    mine.forEach(peer -> peer.handle.left(Departure.GOODBYE));
  }

  private Peer arrives(Random random) {
    boolean busy = random.nextInt(4) == 0;
    boolean quick = random.nextInt(20) == 0;
    Peer peer =
        coordinator.register(
            handle -> {
              if (busy) {
                assertThat(handle.tryEnter()).isTrue();
              }
              if (quick) {
                handle.left(Departure.SILENT);
              }
              return new Peer(handle, random);
            });
    if (busy) {
      after(random.nextInt(10), peer.handle::exit);
    }
    return peer;
  }

  private void works(Peer peer, Random random) {
    if (!peer.tryEnter()) {
      return;
    }
    if (random.nextInt(8) == 0) {
      peer.handle.left(Departure.SILENT); // while its handler runs
    }
    boolean limited = random.nextBoolean();
    WorkLease lease =
        limited
            ? peer.handle.tryBegin("work", Duration.ofMillis(15))
            : peer.handle.tryBegin("work");
    if (lease == null) {
      assertThat(peer.handle.sealed()).as("only a seal refuses work inside work").isTrue();
    } else if (!limited || random.nextInt(4) > 0) {
      after(random.nextInt(30), lease::close);
    }
    peer.handle.exit();
  }

  private static void leaves(Peer peer, Random random) {
    if (random.nextBoolean()) {
      peer.handle.landed("other", Duration.ZERO);
    }
    peer.handle.left(random.nextBoolean() ? Departure.GOODBYE : Departure.SILENT);
  }

  private void watch() {
    while (over.getCount() > 0) {
      DrainReport report = coordinator.report();
      assertThat(report.addsUp()).as("%s", report).isTrue();
      assertThat(report.remaining()).isNotNegative();
      assertThat(report.workInFlight()).isNotNegative();
      pause(1);
    }
  }

  /** Something that begins a drain or a shed, and ends it. */
  private void disturb(Random random) throws Exception {
    switch (random.nextInt(5)) {
      case 0 -> {
        PreStopCall hook = coordinator.preStop(random::nextBoolean);
        ended(hook.done().toCompletableFuture());
        hook.close();
        coordinator.resume();
      }
      case 1 -> {
        Drain drain = coordinator.drain(DrainReason.MANUAL, "to be recalled");
        pause(random.nextInt(150));
        assertThat(drain.progress().accounted()).isLessThanOrEqualTo(drain.progress().tracked());
        drain.recall();
        ended(drain.done().toCompletableFuture());
      }
      case 2 -> {
        Duration within = Duration.ofMillis(random.nextInt(100));
        ended(coordinator.drain(DrainReason.MANUAL).within(within).done().toCompletableFuture());
        coordinator.resume();
      }
      case 3 -> {
        coordinator.shed(1 + random.nextInt(30));
        pause(random.nextInt(60));
      }
      default -> {
        ended(coordinator.drain(DrainReason.MANUAL).done().toCompletableFuture());
        coordinator.resume();
      }
    }
  }

  /** Takes part in drains at random, and is asked to stop and to begin anew in turn. */
  private Registration participant(DrainPhase phase, Random random) {
    AtomicBoolean stopped = new AtomicBoolean();
    return coordinator.at(
        phase,
        "participant",
        left -> {
          checked(() -> assertThat(stopped.getAndSet(true)).as("stopped before").isFalse());
          if (random.nextInt(8) == 0) {
            throw new AssertionError("at random");
          }
          CompletableFuture<Void> done = new CompletableFuture<>();
          after(random.nextInt(30), () -> done.complete(null));
          return done;
        },
        () -> checked(() -> assertThat(stopped.getAndSet(false)).as("stopped").isTrue()));
  }

  private static void ended(CompletableFuture<DrainReport> drain) throws Exception {
    assertThat(drain.get(10, TimeUnit.SECONDS).addsUp()).isTrue();
  }

  /** Lets the others go on, until all is over. */
  private void pause(int millis) {
    try {
      var unused = over.await(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void anything_atRandomOnManyThreads_addsUpAndEndsAndLeavesNothingBehind() throws Exception {
    long seed = System.nanoTime();
    coordinator.started();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < WORKERS; i++) {
      Random random = new Random(seed + i);
      threads.add(new Thread(() -> checked(() -> live(random)), "worker-" + i));
    }
    threads.add(new Thread(() -> checked(this::watch), "watcher"));
    threads.forEach(Thread::start);
    try {
      Random random = new Random(seed - 1);
      participant(DrainPhase.UNREADY, new Random(seed - 2));
      participant(DrainPhase.MOVING, new Random(seed - 3));
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
      while (System.nanoTime() - end < 0 && problems.isEmpty()) {
        Registration passing = participant(DrainPhase.MOVING, new Random(random.nextLong()));
        disturb(random);
        passing.close();
      }
    } finally {
      over.countDown();
    }
    for (Thread thread : threads) {
      thread.join(10_000);
    }
    later.shutdown();
    assertThat(later.awaitTermination(10, TimeUnit.SECONDS)).isTrue();

    assertThat(problems).as("seed %d", seed).isEmpty();
    // Everybody has left. Leases that nobody closes have a limit, which ends while the pod serves.
    Await.until("no work", Duration.ofSeconds(20), () -> coordinator.report().workInFlight() == 0);
    assertThat(coordinator.phase()).isEqualTo(DrainPhase.SERVING);
    coordinator.drain(DrainReason.MANUAL).done().toCompletableFuture().get(10, TimeUnit.SECONDS);
    assertThat(coordinator.report().connections()).isZero();
    coordinator.close();
  }
}
