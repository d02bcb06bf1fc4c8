package io.gracefuldrain.lab.report;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The colour of each pod. Old pods share one colour and new pods another, each in its own shade.
 */
final class Palette {
  private static final int SHADES = 4;

  private final Map<String, String> classes = new HashMap<>();

  Palette(Run run) {
    List<String> generations = run.pods().stream().map(PodLane::generation).distinct().toList();
    Map<String, Integer> counts = new HashMap<>();
    for (PodLane pod : run.pods()) {
      String age = generations.indexOf(pod.generation()) == 0 ? "old" : "new";
      int number = counts.merge(age, 1, Integer::sum) - 1;
      classes.put(pod.name(), age + number % SHADES);
    }
  }

  /** The class of a pod in the style sheet. */
  String of(@Nullable String pod) {
    return pod == null ? "unknown" : classes.getOrDefault(pod, "unknown");
  }
}
