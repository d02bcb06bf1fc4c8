package io.gracefuldrain.lab.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a pod's output says of its phases, sessions and drains. Lines are given as they come; those
 * that say nothing of the kind are passed over. Thread-safe.
 */
public final class PodLog {
  private static final String PHASE_CODES = "DRAIN-00[1-7]";
  private static final String RECEIPT = "DRAIN-009";

  private final List<Mark> phases = new ArrayList<>();
  private final List<SessionLine> sessions = new ArrayList<>();
  private final List<Receipt> receipts = new ArrayList<>();

  /**
   * Reads a line.
   *
   * @param atMs when it was written, in milliseconds since the epoch
   * @throws IllegalArgumentException if the line begins a ledger or a receipt and is none
   */
  public synchronized void read(String line, long atMs) {
    Optional<JsonNode> json = json(line);
    if (json.isEmpty()) {
      return;
    }
    JsonNode node = json.get();
    String code = node.path("code").asText();
    if (node.path("ledger").asText().equals("session")) {
      sessions.add(as(node, SessionLine.class, line));
    } else if (code.equals(RECEIPT)) {
      receipts.add(as(node, Receipt.class, line));
    } else if (code.matches(PHASE_CODES) && node.hasNonNull("phase")) {
      phases.add(new Mark(MarkKind.PHASE, atMs, node.get("phase").asText()));
    }
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

  /** The phases it said to be in, as marks. */
  public synchronized List<Mark> phases() {
    return List.copyOf(phases);
  }

  /** The sessions that have ended. */
  public synchronized List<SessionLine> sessions() {
    return List.copyOf(sessions);
  }

  /** The drains that have ended. */
  public synchronized List<Receipt> receipts() {
    return List.copyOf(receipts);
  }
}
