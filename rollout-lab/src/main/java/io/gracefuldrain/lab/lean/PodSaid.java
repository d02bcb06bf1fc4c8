package io.gracefuldrain.lab.lean;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * The words of a pod over one connection: its name and its plan. What is malformed is ignored. Used
 * on the client's event loop only.
 */
final class PodSaid {
  private record Pod(String name, String generation, @Nullable String epoch) {
    /** Whether both are one process; the epoch tells it only where both have one. */
    boolean is(Pod other) {
      return name.equals(other.name)
          && generation.equals(other.generation)
          && (epoch == null || other.epoch == null || epoch.equals(other.epoch));
    }
  }

  private @Nullable Pod pod;
  private long planMs;

  void hello(JsonNode payload) {
    JsonNode name = payload.path("pod");
    JsonNode generation = payload.path("generation");
    JsonNode epoch = payload.path("epoch");
    if (Hint.isText(name)
        && Hint.isText(generation)
        && (epoch.isMissingNode() || Hint.isText(epoch))) {
      pod = new Pod(name.textValue(), generation.textValue(), epoch.textValue());
    }
  }

  void plan(JsonNode payload) {
    JsonNode windowMs = payload.path("windowMs");
    if (Hint.isDuration(windowMs)) {
      planMs = Hint.bounded(windowMs);
    }
  }

  /** Whether the pod has said hello. */
  boolean known() {
    return pod != null;
  }

  /** The name of the pod, or {@code unknown}. */
  String pod() {
    return pod == null ? "unknown" : pod.name();
  }

  /** Whether both are the same process. */
  boolean is(PodSaid other) {
    return pod != null && other.pod != null && pod.is(other.pod);
  }

  /** The window in which to reconnect when the connection is lost; 0 for the stock way. */
  long planMs() {
    return planMs;
  }
}
