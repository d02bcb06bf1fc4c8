package io.gracefuldrain.lab.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The content of one line of a pod's output: a phase of its drain, a session or a receipt. */
public sealed interface PodLine permits PodLine.Phase, SessionLine, Receipt {
  /**
   * The pod is in another phase.
   *
   * @param reasons the reasons of the drain; empty while the pod serves
   */
  record Phase(String phase, List<String> reasons, int connections, int workInFlight)
      implements PodLine {
    /** Keeps its reasons as they are now. */
    public Phase {
      reasons = List.copyOf(reasons);
    }
  }

  /**
   * Reads a line; empty if it tells nothing of the kind.
   *
   * @throws IllegalArgumentException if the line begins a session or a receipt and is none
   */
  static Optional<PodLine> parse(String line) {
    return json(line).flatMap(node -> read(node, line));
  }

  private static Optional<PodLine> read(JsonNode node, String line) {
    String code = node.path("code").asText();
    if (node.path("ledger").asText().equals("session")) {
      return Optional.of(as(node, SessionLine.class, line));
    }
    if (code.equals("DRAIN-009")) {
      return Optional.of(as(node, Receipt.class, line));
    }
    return code.matches("DRAIN-00[1-7]") && node.hasNonNull("phase")
        ? Optional.of(phase(node))
        : Optional.empty();
  }

  private static Phase phase(JsonNode node) {
    List<String> reasons = new ArrayList<>();
    node.path("reasons").forEach(reason -> reasons.add(reason.asText()));
    return new Phase(
        node.path("phase").asText(),
        reasons,
        node.path("connections").asInt(),
        node.path("workInFlight").asInt());
  }

  /** A log line has its time and level before the object. */
  private static Optional<JsonNode> json(String line) {
    int start = line.indexOf('{');
    if (start < 0 || !line.endsWith("}")) {
      return Optional.empty();
    }
    try {
      JsonNode node = ExperimentJson.MAPPER.readTree(line.substring(start));
      return node.isObject() ? Optional.of(node) : Optional.empty();
    } catch (JsonProcessingException e) {
      return Optional.empty(); // a line with braces that is meant for people
    }
  }

  private static <T> T as(JsonNode node, Class<T> type, String line) {
    try {
      return ExperimentJson.MAPPER.treeToValue(node, type);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "'" + line + "' (expected: a " + type.getSimpleName() + "): " + e.getOriginalMessage(),
          e);
    }
  }
}
