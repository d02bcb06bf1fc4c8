package io.gracefuldrain.benchmarks.crowd;

import io.gracefuldrain.lab.raw.AskedProcess;
import io.gracefuldrain.lab.raw.Bystanders;
import io.gracefuldrain.lab.raw.Moved;
import io.gracefuldrain.lab.raw.RawCrowd;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * Moves crowds from one pod to another, both processes, in one way of ending. The pods stay from
 * move to move where the way lets them, so that their code is warm. Not thread-safe.
 */
final class CrowdMove implements AutoCloseable {
  /** How long a crowd may take to connect, and then to come back after its last slot. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** The readiness delay, the settle grace and force come on top of the window. */
  private static final Duration BESIDE_WINDOW = Duration.ofSeconds(30);

  /**
   * Large enough that no move needs a collection. One with 18,000 fresh connections stops a
   * receiver for 0.15 s, which would be all that its bystanders tell, and it comes when it comes.
   */
  private static final String YOUNG = "-Xmn700m";

  /** How long timers of the connecting crowd are given. */
  private static final Duration CALM = Duration.ofSeconds(1);

  private static final Duration IDLE = Duration.ofSeconds(3);
  private static final int BYSTANDERS = 100;
  private static final Duration EVERY = Duration.ofMillis(50);

  private final Way way;
  private final AskedProcess receiver;
  private AskedProcess leaver;

  private CrowdMove(Way way, AskedProcess leaver, AskedProcess receiver) {
    this.way = way;
    this.leaver = leaver;
    this.receiver = receiver;
  }

  /** Starts both pods. */
  static CrowdMove start(Way way) throws IOException {
    AskedProcess leaver = pod(way);
    try {
      return new CrowdMove(way, leaver, pod(way));
    } catch (IOException e) {
      leaver.close();
      throw e;
    }
  }

  private static AskedProcess pod(Way way) throws IOException {
    return AskedProcess.start(CrowdPod.class, List.of(YOUNG), List.of(way.name()), Map.of());
  }

  /** Moves a crowd, and forgets what came out. */
  void warmUp(int clients, Duration window) throws IOException, InterruptedException {
    int from = open(leaver, window);
    int to = open(receiver, window);
    try (RawCrowd crowd = new RawCrowd(clients, 0);
        Bystanders bystanders = Bystanders.connect(to, BYSTANDERS, EVERY, PATIENCE)) {
      crowd.connect(from, PATIENCE);
      crowd.turnTo(to);
      leaver.tell("end");
      crowd.moved(window.plus(PATIENCE));
      leaver.answer(window.plus(BESIDE_WINDOW));
      bystanders.take();
      clear(crowd);
    }
  }

  /**
   * Moves a crowd.
   *
   * @param every how often each client sends a message; zero for never
   */
  Found move(int clients, Duration window, Duration every, int run)
      throws IOException, InterruptedException {
    double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    int from = open(leaver, window);
    int to = open(receiver, window);
    try (RawCrowd crowd = new RawCrowd(clients, run, every);
        Bystanders bystanders = Bystanders.connect(to, BYSTANDERS, EVERY, PATIENCE)) {
      RawCrowd.Arriving arriving = crowd.connect(from, PATIENCE);
      receiver.ask("collect");
      if (way.letsGo()) {
        leaver.ask("collect");
      }
      OpenChannels.pause(CALM.toNanos());
      bystanders.take();
      ProcessorUse idleTo = processor(receiver);
      OpenChannels.pause(IDLE.toNanos());
      List<Bystanders.Echo> before = bystanders.take();

      ProcessorUse startTo = processor(receiver);
      ProcessorUse startFrom = processor(leaver);
      crowd.turnTo(to);
      long beganAt = System.nanoTime();
      beginTheEnd(window);
      Moved moved = crowd.moved(window.plus(PATIENCE));
      ProcessorUse usedTo = processor(receiver).since(startTo);
      double idles = (double) (System.nanoTime() - beganAt) / IDLE.toNanos();
      List<Bystanders.Echo> during = between(bystanders.take(), moved);
      int forced = way.letsGo() ? Integer.parseInt(leaver.answer(BESIDE_WINDOW)) : 0;
      ProcessorUse usedFrom = way.letsGo() ? processor(leaver).since(startFrom) : ProcessorUse.NONE;
      Found found =
          new Found(
              way,
              clients,
              run,
              load,
              Math.round(arriving.perSecond()),
              Figures.crowd(moved, forced),
              Figures.arrivals(moved, clients, window, beganAt),
              bystanding(before, during),
              cost(clients, usedFrom, usedTo, startTo.since(idleTo), idles));
      clear(crowd);
      return found;
    }
  }

  private void beginTheEnd(Duration window) throws IOException {
    switch (way) {
      case OURS, NATS, PHOENIX, HAPROXY -> leaver.tell("end");
      case STOP -> leaver.terminate();
      case SLEEP -> {
        OpenChannels.pause(window.toNanos());
        leaver.terminate();
      }
      case KILL -> leaver.kill();
    }
  }

  /** The pods end what is left first: whoever closes first has its ports held up for a minute. */
  private void clear(RawCrowd crowd) throws IOException, InterruptedException {
    crowd.release();
    receiver.ask("close");
    if (way.letsGo()) {
      leaver.ask("close");
    } else {
      leaver.close();
      leaver = pod(way);
    }
  }

  private static int open(AskedProcess pod, Duration window)
      throws IOException, InterruptedException {
    return Integer.parseInt(pod.ask("open " + window.toMillis()));
  }

  private static ProcessorUse processor(AskedProcess pod) throws IOException, InterruptedException {
    return ProcessorUse.of(pod.ask("cpu"));
  }

  /** Those that were due while the crowd moved. */
  private static List<Bystanders.Echo> between(List<Bystanders.Echo> echoes, Moved moved) {
    long first = moved.firstCut();
    long last = moved.lastBack();
    return echoes.stream()
        .filter(echo -> echo.dueAt() - first >= 0 && last - echo.dueAt() >= 0)
        .toList();
  }

  private static Found.Bystanding bystanding(
      List<Bystanders.Echo> before, List<Bystanders.Echo> during) {
    return new Found.Bystanding(
        spread(before, Bystanders.Echo::sinceDue),
        spread(during, Bystanders.Echo::sinceDue),
        spread(before, Bystanders.Echo::sinceSent),
        spread(during, Bystanders.Echo::sinceSent));
  }

  private static Quantiles spread(
      List<Bystanders.Echo> echoes, ToLongFunction<Bystanders.Echo> nanos) {
    return Figures.spread(echoes.stream().mapToDouble(echo -> nanos.applyAsLong(echo) / 1e6));
  }

  private static Found.Cost cost(
      int clients, ProcessorUse from, ProcessorUse to, ProcessorUse idle, double idles) {
    double micros = 1e3 * clients;
    return new Found.Cost(
        Figures.rounded(from.process() / micros),
        Figures.rounded(from.threads() / micros),
        Figures.rounded(from.coordinator() / micros),
        Figures.rounded((to.process() - idles * idle.process()) / micros),
        Figures.rounded((to.threads() - idles * idle.threads()) / micros));
  }

  @Override
  public void close() {
    try (receiver) {
      leaver.close();
    }
  }
}
