package io.gracefuldrain.lab.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import io.gracefuldrain.lab.report.Mark;
import io.gracefuldrain.lab.report.MarkKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The pods in the EndpointSlices of a Service, as a watch reports them. The nodes follow a little
 * later. Thread-safe.
 */
final class SliceHistory {
  private record Endpoint(String pod, boolean ready, boolean fallback) {}

  private final Map<String, List<Endpoint>> slices = new HashMap<>();
  private final Map<String, List<Mark>> marks = new HashMap<>();
  private Set<String> routed = Set.of();

  /** Reads an event of {@code kubectl get endpointslices --watch -o json --output-watch-events}. */
  synchronized void read(JsonNode event, long atMs) {
    JsonNode slice = event.path("object");
    String name = slice.path("metadata").path("name").asText();
    List<Endpoint> endpoints = new ArrayList<>();
    if (!event.path("type").asText().equals("DELETED")) {
      for (JsonNode endpoint : slice.path("endpoints")) {
        JsonNode conditions = endpoint.path("conditions");
        endpoints.add(
            new Endpoint(
                endpoint.path("targetRef").path("name").asText(),
                conditions.path("ready").asBoolean(),
                conditions.path("serving").asBoolean()
                    && conditions.path("terminating").asBoolean()));
      }
    }
    slices.put(name, endpoints);
    Set<String> now = eligible();
    now.stream().filter(pod -> !routed.contains(pod)).forEach(pod -> mark(pod, true, atMs));
    routed.stream().filter(pod -> !now.contains(pod)).forEach(pod -> mark(pod, false, atMs));
    routed = now;
  }

  /** All that are ready; if none is, those that terminate and still serve. */
  private Set<String> eligible() {
    List<Endpoint> all = slices.values().stream().flatMap(List::stream).toList();
    boolean anyReady = all.stream().anyMatch(Endpoint::ready);
    Set<String> pods = new HashSet<>();
    all.stream()
        .filter(endpoint -> anyReady ? endpoint.ready() : endpoint.fallback())
        .forEach(endpoint -> pods.add(endpoint.pod()));
    return pods;
  }

  private void mark(String pod, boolean in, long atMs) {
    marks
        .computeIfAbsent(pod, any -> new ArrayList<>())
        .add(new Mark(in ? MarkKind.IN_SERVICE : MarkKind.OUT_OF_SERVICE, atMs, ""));
  }

  synchronized List<Mark> marks(String pod) {
    return List.copyOf(marks.getOrDefault(pod, List.of()));
  }

  synchronized Set<String> routed() {
    return Set.copyOf(routed);
  }
}
