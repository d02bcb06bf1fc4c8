package io.gracefuldrain.lab.cluster;

import io.gracefuldrain.lab.process.OnExit;
import java.time.Duration;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A new namespace, and all other changes to the cluster. Everything is undone at the end, on Ctrl-C
 * too.
 */
final class TestNamespace implements AutoCloseable {
  private static final Duration GIVING_BACK = Duration.ofSeconds(20);

  private final String name;
  private final boolean keep;
  private final Kubectl cluster = Kubectl.ofCluster();
  private final Set<String> cordoned = ConcurrentHashMap.newKeySet();
  private final OnExit onExit;

  /**
   * Creates the namespace. Its pods must comply with Pod Security {@code restricted}.
   *
   * @param keep whether to keep it at the end
   */
  TestNamespace(boolean keep) throws InterruptedException {
    this.name =
        "graceful-drain-verify-" + Integer.toString(new Random().nextInt(36 * 36 * 36 * 36), 36);
    this.keep = keep;
    this.onExit = new OnExit("verify-exit", this::giveBack);
    cluster.run("create", "namespace", name);
    cluster.run("label", "namespace", name, "pod-security.kubernetes.io/enforce=restricted");
  }

  String name() {
    return name;
  }

  /** A node is about to be cordoned. */
  void cordons(String node) {
    cordoned.add(node);
  }

  void uncordon(String node) throws InterruptedException {
    cluster.run("uncordon", node);
    cordoned.remove(node);
  }

  private void giveBack() {
    try {
      for (String node : cordoned) {
        told(cluster.attempt(GIVING_BACK, "", "uncordon", node));
      }
      if (!keep) {
        told(
            cluster.attempt(
                GIVING_BACK,
                "",
                "delete",
                "namespace",
                name,
                "--ignore-not-found",
                "--wait=false"));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void told(Kubectl.Result result) {
    if (!result.good()) {
      System.err.println("verify: something may be left behind: " + result.complaint());
    }
  }

  @Override
  public void close() {
    onExit.close();
  }
}
