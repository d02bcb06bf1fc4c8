package io.gracefuldrain.lab.local;

import io.gracefuldrain.lab.LabFailure;
import io.gracefuldrain.lab.crowd.Crowd;
import io.gracefuldrain.lab.crowd.CrowdPlan;
import io.gracefuldrain.lab.process.OnExit;
import io.gracefuldrain.lab.report.Commentary;
import io.gracefuldrain.lab.report.Mark;
import io.gracefuldrain.lab.report.PodLane;
import io.gracefuldrain.lab.report.Receipt;
import io.gracefuldrain.lab.report.Run;
import io.gracefuldrain.lab.report.SessionLine;
import io.gracefuldrain.lab.report.StickyCriteria;
import io.gracefuldrain.lab.report.Strategy;
import io.gracefuldrain.lab.results.CrowdReport;
import io.gracefuldrain.lab.results.Progress;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * Runs experiments one after the other: the same rollout under the same crowd, for each strategy.
 */
final class Lab implements AutoCloseable {
  static final String OLD = "old";
  static final String NEW = "new";

  private static final Duration START = Duration.ofSeconds(90);
  private static final Duration ROUTED = Duration.ofSeconds(70);
  private static final Duration CONNECTED = Duration.ofSeconds(30);
  private static final Duration BACK = Duration.ofSeconds(20);
  private static final Duration BEFORE = Duration.ofSeconds(3);
  private static final Duration AFTER = Duration.ofSeconds(3);
  private static final Duration LAST_WORDS = Duration.ofSeconds(12);
  private static final Duration MOST = Duration.ofMinutes(10);
  private static final Duration RAMP = Duration.ofSeconds(2);
  private static final int LOOK_MS = 100;

  private final LabPlan plan;
  private final Launcher launcher;
  private final Commentary commentary;
  private final FreePorts ports = new FreePorts();
  private final OnExit onExit;
  private volatile AutoCloseable current = () -> {};
  private volatile boolean stopped;

  Lab(LabPlan plan, Launcher launcher, Commentary commentary) {
    this.plan = plan;
    this.launcher = launcher;
    this.commentary = commentary;
    // Ctrl-C must not leave pods behind.
    this.onExit = new OnExit("lab-exit", this::stopCurrent);
  }

  /** Runs one experiment and judges it. */
  Run run(Strategy strategy) throws InterruptedException {
    commentary.begin(strategy.text(), strategy.about());
    try (Cluster cluster = new Cluster(plan, strategy, launcher, ports, this::happened)) {
      current = cluster;
      if (stopped) {
        throw new LabFailure("the experiment was ended");
      }
      Run run = run(strategy, cluster);
      return plan.surroundings().sticky() ? run.judged(StickyCriteria.judge(run)) : run.judged();
    } finally {
      current = () -> {};
    }
  }

  private void happened(PodSpec pod, Mark mark) {
    commentary.happened(pod.name(), mark);
  }

  private Run run(Strategy strategy, Cluster cluster) throws InterruptedException {
    int port = cluster.service().start();
    cluster.rollOut(OLD, START);
    cluster.awaitRouted(plan.scaling().replicas(), ROUTED);
    try (Crowd crowd = Crowd.start(crowd(port))) {
      commentary.say(plan.clients().sum() + " clients connect");
      await(crowd, "every client connected", CONNECTED, Lab::allConnected);
      Thread.sleep(BEFORE.toMillis());
      long rolloutMs = System.currentTimeMillis();
      commentary.zero("rollout");
      cluster.rollOut(NEW, START.plus(plan.grace().multipliedBy(plan.scaling().replicas())));
      commentary.say("the Deployment is complete");
      cluster.awaitGone(OLD, plan.grace().plusSeconds(10));
      long settledMs = System.currentTimeMillis();
      awaitBack(crowd);
      Thread.sleep(AFTER.toMillis());
      int refused = cluster.service().refused();
      CrowdReport report = crowd.stop();
      List<PodLane> lanes = cluster.pods().stream().map(Kubelet::lane).toList();
      cluster.dismiss(LAST_WORDS);
      return new Run(
          strategy.text(),
          strategy.about(),
          strategy.drains(),
          rolloutMs,
          settledMs,
          refused,
          !strategy.keepsLedger(),
          Launcher.handsOver(strategy),
          lanes,
          report,
          sessions(cluster),
          receipts(cluster),
          List.of());
    }
  }

  private CrowdPlan crowd(int port) {
    return CrowdPlan.defaults(URI.create("http://127.0.0.1:" + port))
        .withClients(plan.clients().counts())
        .withFeedMs(plan.feedMs())
        .withUpMs(plan.upMs())
        .withOrderEvery(plan.orderEvery())
        .withSources(IntStream.range(0, plan.sources()).mapToObj(Lab::source).toList())
        .withRamp(RAMP)
        .withMost(MOST)
        .withCookies(plan.surroundings().sticky())
        .withSeed(plan.seed());
  }

  /** All of 127.0.0.0/8 is this machine. 127.0.0.1 is left out, since other programs use it. */
  private static InetAddress source(int number) {
    try {
      return InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) (number + 2)});
    } catch (UnknownHostException e) {
      throw new AssertionError("four bytes are an address", e);
    }
  }

  private static boolean allConnected(Progress progress) {
    return progress.connected() == progress.clients();
  }

  /** Clients that stay away are a result, not an error. */
  private void awaitBack(Crowd crowd) throws InterruptedException {
    try {
      await(crowd, "every client back", BACK, Lab::allConnected);
    } catch (LabFailure e) {
      commentary.say(String.valueOf(e.getMessage()));
    }
  }

  private static void await(Crowd crowd, String what, Duration most, Predicate<Progress> condition)
      throws InterruptedException {
    long end = System.nanoTime() + most.toNanos();
    while (!condition.test(crowd.progress())) {
      if (System.nanoTime() - end > 0) {
        throw new LabFailure(
            "not within " + most.toSeconds() + " s: " + what + "; now " + crowd.progress());
      }
      Thread.sleep(LOOK_MS);
    }
  }

  private static List<SessionLine> sessions(Cluster cluster) {
    return cluster.pods().stream().flatMap(pod -> pod.log().sessions().stream()).toList();
  }

  /** The receipts of replaced pods only: the end of the others is no part of the rollout. */
  private static List<Receipt> receipts(Cluster cluster) {
    return cluster.pods().stream()
        .filter(pod -> pod.spec().generation().equals(OLD))
        .flatMap(pod -> pod.log().receipts().stream())
        .toList();
  }

  private void stopCurrent() {
    stopped = true;
    try {
      current.close();
    } catch (Exception e) {
      throw new IllegalStateException("pods may be left behind", e);
    }
  }

  @Override
  public void close() {
    onExit.close();
  }
}
