package io.gracefuldrain.lab.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/**
 * The output of kubectl in a rollout of {@code graceful}, on a cluster of two nodes with Kubernetes
 * 1.34. Only the fields that are read are kept.
 */
final class Recorded {
  /** An old pod, and a new one. */
  static final String OLD = "socketio-graceful-6658899f4d-s8bmb";

  static final String NEW = "socketio-graceful-659b577478-zsfv2";

  private Recorded() {}

  static List<String> lines(String name) {
    try (InputStream in =
        Objects.requireNonNull(Recorded.class.getResourceAsStream("/verify/" + name), name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<JsonNode> events(String name) {
    return lines(name).stream().map(Recorded::asIs).toList();
  }

  /** Reads JSON with single quotes in place of double ones. */
  static JsonNode json(String text) {
    return asIs(text.replace('\'', '"'));
  }

  private static JsonNode asIs(String text) {
    try {
      return Kubectl.JSON.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
