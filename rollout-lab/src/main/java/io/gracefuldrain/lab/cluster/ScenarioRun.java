package io.gracefuldrain.lab.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import io.gracefuldrain.lab.LabFailure;
import io.gracefuldrain.lab.report.Commentary;
import io.gracefuldrain.lab.report.Criteria;
import io.gracefuldrain.lab.report.PodLane;
import io.gracefuldrain.lab.report.Run;
import io.gracefuldrain.lab.report.Strategy;
import io.gracefuldrain.lab.report.Verdict;
import io.gracefuldrain.lab.results.CrowdReport;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Runs a scenario under a strategy: applies the manifest, starts the crowd, acts, collects the
 * output, judges.
 */
final class ScenarioRun {
  static final String MOVED = "some clients had to move";
  private static final String TICKET_KEY = "DRAIN_TICKET_KEY";
  static final String RESTARTS = "no container is restarted";

  private static final Duration CONNECTED = Duration.ofSeconds(60);
  private static final Duration BACK = Duration.ofSeconds(20);
  private static final Duration DISMISSED = Duration.ofSeconds(60);
  private static final Duration BEFORE = Duration.ofSeconds(3);
  private static final Duration AFTER = Duration.ofSeconds(3);

  private final TestNamespace namespace;
  private final Kubectl kubectl;
  private final Path manifests;
  private final CrowdWanted wanted;
  private final Commentary commentary;
  private final Set<String> images = new TreeSet<>();

  /**
   * @param manifests the folder {@code deploy}
   */
  ScenarioRun(TestNamespace namespace, Path manifests, CrowdWanted wanted, Commentary commentary) {
    this.namespace = namespace;
    this.kubectl = Kubectl.in(namespace.name());
    this.manifests = manifests;
    this.wanted = wanted;
    this.commentary = commentary;
  }

  /** Runs one scenario. */
  Run run(Strategy strategy, Scenario scenario) throws InterruptedException {
    commentary.begin(name(strategy, scenario), about(strategy, scenario));
    Deployed deployed = Deployed.of(strategy);
    Manifest manifest = manifest(deployed);
    scenario.prepare(manifest);
    if (strategy == Strategy.SPRING) {
      manifest.set("CHAT_FEED_MS", String.valueOf(wanted.feedMs())); // its clients cannot ask
    }
    JsonNode key = strategy == Strategy.GRACEFUL ? manifest.secretOf(TICKET_KEY) : null;
    try (ClusterWatch seen = new ClusterWatch(kubectl, deployed.app(), commentary);
        CrowdPods crowd =
            new CrowdPods(kubectl, crowdImage(), deployed.app(), scenario.sources(), wanted)) {
      if (key != null) {
        kubectl.feed(key.toString(), "apply", "-f", "-");
      }
      kubectl.feed(manifest.json(), "apply", "-f", "-");
      DeploymentActions deployment =
          new DeploymentActions(kubectl, deployed.app(), seen, commentary, namespace);
      deployment.awaitRolledOut();
      deployment.awaitRouted(manifest.replicas());
      Run run = run(strategy, scenario, manifest, key != null, seen, crowd, deployment);
      kubectl.feed(manifest.json(), "delete", "-f", "-", "--wait=false");
      images.add(seen.images());
      List<Verdict> also = new ArrayList<>(deployment.verdicts());
      also.add(restarts(seen));
      also.add(moved(run));
      if (scenario.cutShort()) {
        also.add(exitsCutShort(run));
        also.add(workCutShort(run));
        also.addAll(movesCutShort(run, Criteria.MOVES));
        also.addAll(movesCutShort(run, Criteria.RECOVERY));
      }
      return run.judged(also);
    }
  }

  private Run run(
      Strategy strategy,
      Scenario scenario,
      Manifest manifest,
      boolean handsOver,
      ClusterWatch seen,
      CrowdPods crowd,
      DeploymentActions deployment)
      throws InterruptedException {
    crowd.start();
    seen.await("every client connected", CONNECTED, crowd::allConnected);
    commentary.say("every client is connected");
    Thread.sleep(BEFORE.toMillis());
    long actedMs = System.currentTimeMillis();
    commentary.zero(scenario.text());
    scenario.act(deployment);
    deployment.awaitSettled(scenario.replicas(manifest.replicas()));
    long settledMs = System.currentTimeMillis();
    awaitBack(seen, crowd);
    Thread.sleep(AFTER.toMillis());
    CrowdReport report = crowd.stop();
    List<PodLane> lanes = seen.lanes();
    Set<String> replaced =
        seen.pods().pods(PodHistory.Pod::terminating).stream()
            .map(PodHistory.Pod::name)
            .collect(Collectors.toSet());
    dismiss(seen);
    return new Run(
        name(strategy, scenario),
        about(strategy, scenario),
        strategy.drains(),
        actedMs,
        settledMs,
        -1,
        !strategy.keepsLedger(),
        handsOver,
        lanes,
        report,
        seen.sessions(),
        seen.receipts(replaced),
        List.of());
  }

  private static String name(Strategy strategy, Scenario scenario) {
    return scenario == Scenario.ROLLOUT ? strategy.text() : scenario.text();
  }

  private static String about(Strategy strategy, Scenario scenario) {
    return scenario == Scenario.ROLLOUT ? strategy.about() : scenario.about();
  }

  /** The crowd's program is in the same image as the sample, which is not that of each strategy. */
  private String crowdImage() throws InterruptedException {
    return manifest(Deployed.of(Strategy.GRACEFUL)).image();
  }

  private Manifest manifest(Deployed deployed) throws InterruptedException {
    Path file = manifests.resolve(deployed.manifest());
    return Manifest.parse(
        kubectl.run("create", "--dry-run=client", "-f", file.toString(), "-o", "json"));
  }

  /** Clients that stay away are a result, not an error. */
  private void awaitBack(ClusterWatch seen, CrowdPods crowd) throws InterruptedException {
    try {
      seen.await("every client back", BACK, crowd::allConnected);
    } catch (LabFailure e) {
      commentary.say(e.getMessage() + "; now " + crowd.state());
    }
  }

  /** Ends the remaining pods and reads what they say about their sessions. */
  private void dismiss(ClusterWatch seen) throws InterruptedException {
    commentary.quiet();
    kubectl.run("scale", "deployment", "--all", "--replicas", "0");
    seen.await(
        "the end of every pod", DISMISSED, () -> seen.pods().pods(pod -> !pod.gone()).isEmpty());
    seen.awaitLogs();
  }

  private static Verdict restarts(ClusterWatch seen) {
    List<String> restarted =
        seen.pods().pods(pod -> pod.restarts() > 0).stream()
            .map(pod -> pod.name() + ": " + pod.restarts())
            .toList();
    return new Verdict(
        RESTARTS,
        restarted.isEmpty() ? Verdict.Result.PASS : Verdict.Result.FAIL,
        restarted.isEmpty() ? "none of " + seen.pods().pods().size() + " pods" : restarted + "");
  }

  /** A run in which no client had to move would hold every other criterion. */
  private static Verdict moved(Run run) {
    long moved = run.crowd().clients().stream().filter(each -> each.stays().size() > 1).count();
    return new Verdict(
        MOVED,
        moved > 0 ? Verdict.Result.PASS : Verdict.Result.FAIL,
        moved + " of " + run.crowd().clients().size());
  }

  /** The clients are let go in time, but it is not promised that the server has stopped by then. */
  private static Verdict exitsCutShort(Run run) {
    return new Verdict(
        Criteria.EXITS,
        Verdict.Result.NOT_APPLICABLE,
        "not promised where so little time is left; exit codes: "
            + run.replaced().stream().map(PodLane::exitCode).toList());
  }

  /** An order takes at least as long as such a pod has. */
  private static Verdict workCutShort(Run run) {
    return new Verdict(
        Criteria.WORK,
        Verdict.Result.NOT_APPLICABLE,
        "not promised where less time is left than work takes; orders cut: "
            + run.crowd().counts().ordersCut());
  }

  /**
   * A move needs the grace of its hint; without it, its client reconnects like a stock client. A
   * session is handed over as long as its old pod lives.
   */
  private static List<Verdict> movesCutShort(Run run, List<String> criteria) {
    return run.judged().verdicts().stream()
        .filter(each -> criteria.contains(each.criterion()))
        .map(
            each ->
                new Verdict(
                    each.criterion(),
                    Verdict.Result.NOT_APPLICABLE,
                    "not promised where less time is left than a move takes; " + each.figures()))
        .toList();
  }

  /** The images that the pods of all runs ran. */
  String images() {
    return String.join(", ", images);
  }
}
