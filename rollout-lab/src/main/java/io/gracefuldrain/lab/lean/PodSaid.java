package io.gracefuldrain.lab.lean;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * The words of a pod over one connection: its name and its plan. Used on the client's event loop
 * only.
 */
final class PodSaid {
  private record Pod(String name, String generation) {}

  private @Nullable Pod pod;
  private int planMs;

  void hello(JsonNode payload) {
    pod = new Pod(payload.path("pod").asText(), payload.path("generation").asText());
  }

  void plan(JsonNode payload) {
    planMs = payload.path("windowMs").asInt();
  }

  /** Whether the pod has said hello. */
  boolean known() {
    return pod != null;
  }

  /** The name of the pod, or {@code unknown}. */
  String pod() {
    return pod == null ? "unknown" : pod.name();
  }

  /** Whether both are the same pod. */
  boolean is(PodSaid other) {
    return pod != null && pod.equals(other.pod);
  }

  /** The window in which to reconnect when the connection is lost; 0 for the stock way. */
  int planMs() {
    return planMs;
  }
}
