package io.gracefuldrain.lab.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import io.gracefuldrain.lab.report.Mark;
import io.gracefuldrain.lab.report.MarkKind;
import java.util.Optional;
import java.util.Set;

/** Picks the events of the cluster that tell about pods. */
final class PodEvents {
  /** Failed probes are left out: the readiness of the pod shows them. The events here are rare. */
  private static final Set<String> WORTH_TELLING =
      Set.of(
          "Killing",
          "FailedPreStopHook",
          "FailedPostStartHook",
          "FailedKillPod",
          "FailedScheduling",
          "BackOff",
          "Failed",
          "Evicted");

  private PodEvents() {}

  /**
   * Returns the mark of an event of {@code kubectl get events --watch}; empty if it is not worth
   * telling.
   */
  static Optional<Mark> mark(JsonNode event, long atMs) {
    JsonNode object = event.path("object");
    String reason = object.path("reason").asText();
    return isOfPod(object) && WORTH_TELLING.contains(reason)
        ? Optional.of(
            new Mark(MarkKind.EVENT, atMs, reason + ": " + object.path("message").asText()))
        : Optional.empty();
  }

  static String pod(JsonNode event) {
    return event.path("object").path("involvedObject").path("name").asText();
  }

  private static boolean isOfPod(JsonNode object) {
    return object.path("involvedObject").path("kind").asText().equals("Pod");
  }
}
