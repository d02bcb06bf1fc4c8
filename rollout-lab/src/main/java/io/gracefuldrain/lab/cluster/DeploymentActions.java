package io.gracefuldrain.lab.cluster;

import io.gracefuldrain.lab.LabFailure;
import io.gracefuldrain.lab.report.Commentary;
import io.gracefuldrain.lab.report.Verdict;
import io.gracefuldrain.lab.report.Verdict.Result;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A Deployment that is watched, with the actions on it. Used by one thread. */
final class DeploymentActions {
  private static final Duration COMPLETE = Duration.ofSeconds(150);
  private static final Duration GONE = Duration.ofSeconds(90);
  private static final int EVICTION_RETRY_MS = 2_000;

  private final Kubectl kubectl;
  private final String app;
  private final ClusterWatch seen;
  private final Commentary commentary;
  private final TestNamespace namespace;
  private final List<Verdict> verdicts = new ArrayList<>();
  private int cpu = 100;

  DeploymentActions(
      Kubectl kubectl,
      String app,
      ClusterWatch seen,
      Commentary commentary,
      TestNamespace namespace) {
    this.kubectl = kubectl;
    this.app = app;
    this.seen = seen;
    this.commentary = commentary;
    this.namespace = namespace;
  }

  private String deployment() {
    return "deployment/" + app;
  }

  PodHistory pods() {
    return seen.pods();
  }

  void say(String what) {
    commentary.say(what);
  }

  /** Forces a rollout by changing the cpu request. */
  void rollOut() throws InterruptedException {
    cpu += 5;
    kubectl.run(
        "patch",
        deployment(),
        "--patch",
        ("{\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"name\":\"server\",\"resources\":"
                + "{\"requests\":{\"cpu\":\"%sm\"}}}]}}}}")
            .formatted(cpu));
  }

  void rollBack() throws InterruptedException {
    kubectl.run("rollout", "undo", deployment());
  }

  void scale(int replicas) throws InterruptedException {
    kubectl.run("scale", deployment(), "--replicas", String.valueOf(replicas));
  }

  void delete(String pod, int graceSeconds) throws InterruptedException {
    kubectl.run("delete", "pod", pod, "--grace-period", graceSeconds + "", "--wait=false");
  }

  /**
   * Asks the eviction API to evict a pod.
   *
   * @return whether the disruption budget allows it now
   */
  boolean evict(String pod) throws InterruptedException {
    Kubectl.Result result =
        kubectl.attempt(
            GONE,
            "{\"apiVersion\":\"policy/v1\",\"kind\":\"Eviction\",\"metadata\":{\"name\":\"%s\"}}"
                .formatted(pod),
            "create",
            "--raw",
            "/api/v1/namespaces/%s/pods/%s/eviction".formatted(namespace.name(), pod),
            "-f",
            "-");
    if (!result.good() && !result.err().contains("disruption budget")) {
      throw new LabFailure("the eviction of " + pod + ": " + result.complaint());
    }
    return result.good();
  }

  /**
   * Asks again until it is allowed, like {@code kubectl drain}; returns how often it was refused.
   */
  int evictPatiently(String pod) throws InterruptedException {
    long end = System.nanoTime() + GONE.toNanos();
    int refused = 0;
    while (!evict(pod)) {
      refused++;
      if (System.nanoTime() - end > 0) {
        throw new LabFailure(
            "no permission to evict " + pod + " within " + GONE.toSeconds() + " s");
      }
      Thread.sleep(EVICTION_RETRY_MS);
    }
    return refused;
  }

  /** Drains the pods of this Deployment from a node, and uncordons the node. */
  void drainNode(String node) throws InterruptedException {
    namespace.cordons(node);
    try {
      Kubectl.ofCluster()
          .run(
              COMPLETE,
              "drain",
              node,
              "--pod-selector",
              "app=" + app,
              "--ignore-daemonsets",
              "--delete-emptydir-data",
              "--timeout",
              COMPLETE.toSeconds() - 5 + "s");
    } finally {
      namespace.uncordon(node);
    }
  }

  void awaitRolledOut() throws InterruptedException {
    kubectl.run(
        COMPLETE.plusSeconds(5),
        "rollout",
        "status",
        deployment(),
        "--timeout",
        COMPLETE.toSeconds() + "s");
  }

  /** Waits until this many pods are terminating. */
  void awaitDeleted(int count) throws InterruptedException {
    seen.await(
        count + " pods on their way out",
        COMPLETE,
        () -> pods().pods(PodHistory.Pod::terminating).size() >= count);
  }

  void awaitGone(String pod) throws InterruptedException {
    seen.await(
        "the end of " + pod,
        GONE,
        () -> pods().pods(each -> each.name().equals(pod) && !each.gone()).isEmpty());
  }

  /** Waits until this many pods serve, and all terminating ones are gone. */
  void awaitSettled(int replicas) throws InterruptedException {
    seen.await(
        replicas + " pods that serve, and no other",
        GONE,
        () -> pods().serving().size() == replicas && !pods().ends());
  }

  /** Waits until the EndpointSlices list exactly the pods that serve. */
  void awaitRouted(int replicas) throws InterruptedException {
    seen.await(
        "a Service that leads to " + replicas + " pods",
        GONE,
        () -> pods().serving().size() == replicas && seen.routed().size() == replicas);
  }

  /** Adds a criterion of this scenario. */
  void expect(String criterion, boolean holds, String figures) {
    verdicts.add(new Verdict(criterion, holds ? Result.PASS : Result.FAIL, figures));
  }

  List<Verdict> verdicts() {
    return List.copyOf(verdicts);
  }
}
