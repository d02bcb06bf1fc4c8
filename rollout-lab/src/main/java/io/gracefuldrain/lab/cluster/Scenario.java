package io.gracefuldrain.lab.cluster;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The scenarios: the changes made to a Deployment while its clients are connected. */
enum Scenario {
  ROLLOUT("A rollout.") {
    @Override
    void act(DeploymentActions deployment) throws InterruptedException {
      deployment.rollOut();
      deployment.awaitRolledOut();
    }
  },
  ROLLBACK("A rollout, undone when the first old pod is on its way out.") {
    @Override
    void act(DeploymentActions deployment) throws InterruptedException {
      deployment.rollOut();
      deployment.awaitDeleted(1);
      deployment.say("half of it is done: undo");
      deployment.rollBack();
      deployment.awaitRolledOut();
    }

    @Override
    int sources() {
      return 6; // so that the pod that goes almost always has clients
    }
  },
  RESTART("A rollout, and another one when the first old pod is on its way out.") {
    @Override
    void act(DeploymentActions deployment) throws InterruptedException {
      deployment.rollOut();
      deployment.awaitDeleted(1);
      deployment.say("half of it is done: another rollout");
      deployment.rollOut();
      deployment.awaitRolledOut();
    }
  },
  SCALE("Four pods become two.") {
    @Override
    void prepare(Manifest manifest) {
      manifest.scale(4);
    }

    @Override
    void act(DeploymentActions deployment) throws InterruptedException {
      deployment.scale(2);
      deployment.awaitDeleted(2);
    }

    @Override
    int replicas(int before) {
      return 2;
    }

    @Override
    int sources() {
      return 6; // so that the pods that go almost always have clients
    }
  },
  EVICTION("Each pod is evicted through the API, as far as the disruption budget allows.") {
    @Override
    void act(DeploymentActions deployment) throws InterruptedException {
      List<PodHistory.Pod> pods = deployment.pods().serving();
      int refused = 0;
      for (PodHistory.Pod pod : pods) {
        refused += deployment.evictPatiently(pod.name());
        deployment.say(pod.name() + "  may be evicted");
      }
      deployment.expect(
          "the disruption budget holds",
          refused > 0,
          "evictions refused until another pod was ready: " + refused);
      deployment.awaitDeleted(pods.size());
    }
  },
  DRAIN("One node after the other is drained by kubectl, as in an upgrade of the nodes.") {
    @Override
    void act(DeploymentActions deployment) throws InterruptedException {
      List<String> nodes =
          deployment.pods().serving().stream()
              .map(PodHistory.Pod::node)
              .distinct()
              .sorted()
              .toList();
      for (String node : nodes) {
        deployment.say("drain of " + node);
        deployment.drainNode(node);
        deployment.expect(
            node + " is left",
            deployment.pods().serving().stream().noneMatch(pod -> pod.node().equals(node)),
            "pods that serve, and where: " + where(deployment.pods().serving()));
        deployment.awaitRolledOut();
      }
    }

    @Override
    int nodes() {
      return 2;
    }
  },
  HUNG(
      "A rollout of pods that believe they have 120 s, while the grace period is 30 s: the kubelet"
          + " gives up the hook and leaves them two seconds.") {
    @Override
    void prepare(Manifest manifest) {
      manifest.set("DRAIN_GRACE_PERIOD", "120s");
      manifest.set("DRAIN_MOVE_WINDOW", "90s");
    }

    @Override
    void act(DeploymentActions deployment) throws InterruptedException {
      deployment.rollOut();
      deployment.awaitRolledOut();
    }

    @Override
    boolean cutShort() {
      return true;
    }
  },
  SHORT(
      "One pod after the other is deleted with a grace period of 5 s instead of 30 s, which the pod"
          + " cannot know.") {
    @Override
    void act(DeploymentActions deployment) throws InterruptedException {
      for (PodHistory.Pod pod : deployment.pods().serving()) {
        deployment.delete(pod.name(), 5);
        deployment.awaitGone(pod.name());
        deployment.awaitRolledOut();
      }
    }

    @Override
    boolean cutShort() {
      return true;
    }
  };

  private final String about;

  Scenario(String about) {
    this.about = about;
  }

  /** Changes the manifest before it is applied. */
  void prepare(Manifest manifest) {}

  /** Acts. Pods may still be terminating when this returns. */
  abstract void act(DeploymentActions deployment) throws InterruptedException;

  /** How many pods there are at the end. */
  int replicas(int before) {
    return before;
  }

  /** How many nodes it needs. */
  int nodes() {
    return 1;
  }

  /** Whether pods get less time than they were told, so that they may be killed. */
  boolean cutShort() {
    return false;
  }

  /** How many pods the crowd has, each with its own address. */
  int sources() {
    return 4;
  }

  String about() {
    return about;
  }

  private static String where(List<PodHistory.Pod> pods) {
    return pods.stream().map(PodHistory.Pod::node).sorted().collect(Collectors.joining(", "));
  }

  String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  @Override
  public String toString() {
    return text();
  }
}
