package io.gracefuldrain.sample.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a line of a pod's output says about its drain. */
final class PodNews {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String RECEIPT = "DRAIN-009";

  /**
   * One piece of news.
   *
   * @param phase the pod's new phase, or null
   * @param text for people
   */
  record News(@Nullable String phase, String text) {}

  private PodNews() {}

  /** The news of a line, or null if it has none. */
  static @Nullable News of(String line) {
    JsonNode node = json(line);
    if (node == null) {
      return null;
    }
    String code = node.path("code").asText();
    String phase = node.path("phase").asText();
    if (code.equals(RECEIPT)) {
      return new News(null, "receipt: " + outcomes(node));
    }
    if (!code.matches("DRAIN-00[1-7]") || phase.isEmpty()) {
      return null;
    }
    int connections = node.path("connections").asInt();
    int work = node.path("workInFlight").asInt();
    return new News(
        phase,
        "%s  %d connection%s%s"
            .formatted(
                phase,
                connections,
                connections == 1 ? "" : "s",
                work == 0 ? "" : ", " + work + " in flight"));
  }

  private static @Nullable JsonNode json(String line) {
    int start = line.indexOf("{\"code\":");
    if (start < 0) {
      return null;
    }
    try {
      return JSON.readTree(line.substring(start));
    } catch (JsonProcessingException e) {
      return null; // the line only looks like one of ours
    }
  }

  private static String outcomes(JsonNode receipt) {
    List<String> parts = new ArrayList<>();
    for (Map.Entry<String, JsonNode> outcome : receipt.path("outcomes").properties()) {
      if (outcome.getValue().asInt() > 0) {
        parts.add(outcome.getValue().asInt() + " " + outcome.getKey());
      }
    }
    int tracked = receipt.path("tracked").asInt();
    return tracked == 0 ? "nobody was here" : tracked + " tracked: " + String.join(", ", parts);
  }
}
