package io.gracefuldrain.lab.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.gracefuldrain.lab.LabFailure;
import io.gracefuldrain.lab.options.CannotStart;
import io.gracefuldrain.lab.report.Strategy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.StreamSupport;

/** Checks that everything needed is there. If something is missing, one line names it. */
final class Prerequisites {
  private static final Duration ANSWER = Duration.ofSeconds(20);

  /** The sleep action of preStop. */
  private static final int LEAST_MINOR = 30;

  private static final Set<String> BARRED = Set.of("NoSchedule", "NoExecute");

  private Prerequisites() {}

  /**
   * Returns the version of the server.
   *
   * @throws CannotStart if there is no kubectl, no reachable cluster, or an old one
   */
  static String cluster() throws InterruptedException {
    Kubectl kubectl = Kubectl.ofCluster();
    Kubectl.Result client;
    try {
      client = kubectl.attempt(ANSWER, "", "version", "--client");
    } catch (LabFailure e) {
      throw new CannotStart(
          "kubectl: not found (expected: on the PATH, see"
              + " https://kubernetes.io/docs/tasks/tools/)");
    }
    if (!client.good()) {
      throw new CannotStart("kubectl: " + client.complaint());
    }
    Kubectl.Result both =
        kubectl.attempt(ANSWER, "", "version", "-o", "json", "--request-timeout", "10s");
    if (!both.good()) {
      throw new CannotStart(
          "no cluster answers (expected: one in KUBECONFIG or ~/.kube/config, such as minikube"
              + " start makes): "
              + both.complaint());
    }
    return version(both.out());
  }

  static String version(String json) {
    try {
      JsonNode server = Kubectl.JSON.readTree(json).path("serverVersion");
      int minor = Integer.parseInt(server.path("minor").asText().replaceAll("\\D.*", ""));
      String version = server.path("gitVersion").asText();
      if (server.path("major").asText().equals("1") && minor < LEAST_MINOR) {
        throw new CannotStart(
            "Kubernetes " + version + " (expected: 1." + LEAST_MINOR + " or newer)");
      }
      return version.isEmpty() ? "1." + minor : version;
    } catch (JsonProcessingException | NumberFormatException e) {
      throw new LabFailure("the cluster's version", e);
    }
  }

  /** How many nodes accept pods. */
  static long schedulable(JsonNode nodes) {
    return StreamSupport.stream(nodes.path("items").spliterator(), false)
        .map(node -> node.path("spec"))
        .filter(spec -> !spec.path("unschedulable").asBoolean())
        .filter(
            spec ->
                spec.path("taints").findValuesAsText("effect").stream().noneMatch(BARRED::contains))
        .count();
  }

  static void image(String option, Path image) {
    if (!Files.isRegularFile(image)) {
      throw new CannotStart(
          option
              + ": "
              + image
              + " is not there (expected: the image's tar; mvn package -DskipTests -Pimage-scratch"
              + " makes it)");
    }
  }

  static void manifests(Path folder, List<Strategy> strategies) {
    for (Strategy strategy : strategies) {
      String manifest = Deployed.of(strategy).manifest();
      if (!Files.isRegularFile(folder.resolve(manifest))) {
        throw new CannotStart(
            "--manifests: " + folder + " (expected: a folder with " + manifest + ")");
      }
    }
  }
}
