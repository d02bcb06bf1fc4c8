package io.gracefuldrain.lab.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.gracefuldrain.lab.LabFailure;
import io.gracefuldrain.lab.results.CrowdReport;
import org.jspecify.annotations.Nullable;

/** Reads the output of {@code probe --json -}, line by line. Thread-safe. */
final class CrowdLog {
  private @Nullable CrowdReport report;
  private int clients = -1;
  private int connected;
  private String last = "";

  /** Reads a line. Lines of the JVM itself are skipped. */
  synchronized void read(String line) {
    last = line;
    if (!line.startsWith("{")) {
      return;
    }
    try {
      JsonNode node = Kubectl.JSON.readTree(line);
      if (node.path("clients").isArray()) {
        report = Kubectl.JSON.treeToValue(node, CrowdReport.class);
      } else if (node.has("connected")) {
        clients = node.path("clients").asInt();
        connected = node.path("connected").asInt();
      }
    } catch (JsonProcessingException e) {
      throw new LabFailure("a crowd's line of " + line.length() + " characters", e);
    }
  }

  /** Whether each of its clients has a connection. */
  synchronized boolean allConnected() {
    return connected == clients;
  }

  synchronized @Nullable CrowdReport report() {
    return report;
  }

  /** Its last line, for people. */
  synchronized String last() {
    return last.isEmpty() ? "(nothing)" : last;
  }
}
