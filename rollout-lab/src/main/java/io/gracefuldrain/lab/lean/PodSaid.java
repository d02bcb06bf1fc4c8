package io.gracefuldrain.lab.lean;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/** What a server has said of itself over one connection. Of the client's event loop. */
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

  /** Whether it has said hello. */
  boolean known() {
    return pod != null;
  }

  /** Its name, or {@code unknown}. */
  String pod() {
    return pod == null ? "unknown" : pod.name();
  }

  /** Whether both have said the same hello. */
  boolean is(PodSaid other) {
    return pod != null && pod.equals(other.pod);
  }

  /** In what window to come back when the connection is lost; 0: in the stock way. */
  int planMs() {
    return planMs;
  }
}
