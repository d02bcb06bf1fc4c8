package io.gracefuldrain.lab.cluster;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What is done to a Deployment while its clients are connected. */
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
      return 6; // so that hardly ever none is on the one that goes
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
      return 6; // so that hardly ever all are on those that stay
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
  DRAIN("One node after the other is drained by kubectl, as an upgrade of the nodes would.") {
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
      "A rollout of pods that take their time for longer than it is (120 s, and the grace period is"
          + " 30 s): the kubelet gives the hook up, and leaves them two seconds.") {
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
      "One pod after the other is deleted with a grace period of 5 s in place of 30 s, which it"
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

  /** Changes what is applied. */
  void prepare(Manifest manifest) {}

  /** Does it; what is on its way out need not be gone when this returns. */
  abstract void act(DeploymentActions deployment) throws InterruptedException;

  /** How many pods there are in the end. */
  int replicas(int before) {
    return before;
  }

  /** How many nodes it takes. */
  int nodes() {
    return 1;
  }

  /** Whether pods are left less time than they were told of, so that they may be killed. */
  boolean cutShort() {
    return false;
  }

  /** How many pods the crowd has, each an address of its own. */
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
