package io.gracefuldrain.lab.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import io.gracefuldrain.lab.LabFailure;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Loads the image onto the nodes. No registry has it, so they cannot pull it. */
final class ImageLoad {
  private static final Duration MOST = Duration.ofMinutes(3);

  private ImageLoad() {}

  /**
   * Returns the command that fits the cluster, without the image's file at its end; empty if none
   * is known.
   *
   * @param nodes the output of {@code kubectl get nodes -o json}
   */
  static Optional<List<String>> fitting(JsonNode nodes) {
    for (JsonNode node : nodes.path("items")) {
      String profile = node.path("metadata").path("labels").path("minikube.k8s.io/name").asText();
      if (!profile.isEmpty()) {
        return Optional.of(List.of("minikube", "--profile", profile, "image", "load"));
      }
      // kind://docker/CLUSTER/NODE
      String[] provider = node.path("spec").path("providerID").asText().split("/", -1);
      if (provider.length == 5 && provider[0].equals("kind:")) {
        return Optional.of(List.of("kind", "load", "image-archive", "--name", provider[3]));
      }
    }
    return Optional.empty();
  }

  /** Returns the shell command for one that the user typed. */
  static List<String> typed(String command) {
    return List.of("sh", "-c", command + " \"$1\"", "sh");
  }

  static void run(List<String> command, Path image) throws InterruptedException {
    List<String> all = new ArrayList<>(command);
    all.add(image.toAbsolutePath().toString());
    Kubectl.Result result = Kubectl.process(all, MOST, "");
    if (!result.good()) {
      throw new LabFailure(
          "the image could not be loaded by '"
              + String.join(" ", command)
              + "': "
              + (result.exitCode() == -1
                  ? "not within " + MOST.toSeconds() + " s"
                  : result.complaint()));
    }
  }
}
