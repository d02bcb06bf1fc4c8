package io.gracefuldrain.lab.report;

import io.gracefuldrain.lab.results.Stay;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How many clients arrived at each pod, counted in slices of half a second. */
final class Arrivals {
  static final long SLICE_MS = 500;

  // Arrivals by slice, counted from the rollout, and by pod.
  private final Map<Long, Map<String, Long>> slices;

  private Arrivals(Map<Long, Map<String, Long>> slices) {
    this.slices = slices;
  }

  /** Counts the connects since the rollout began. */
  static Arrivals of(Run run) {
    return new Arrivals(
        run.crowd().clients().stream()
            .flatMap(client -> client.stays().stream())
            .filter(stay -> stay.fromMs() >= run.rolloutMs())
            .collect(
                Collectors.groupingBy(
                    stay -> (stay.fromMs() - run.rolloutMs()) / SLICE_MS,
                    TreeMap::new,
                    Collectors.groupingBy(
                        stay -> name(stay), TreeMap::new, Collectors.counting()))));
  }

  private static String name(Stay stay) {
    @Nullable String pod = stay.pod();
    return pod == null ? "" : pod;
  }

  /** The largest number in any slice. */
  long peak() {
    return slices.values().stream().mapToLong(Arrivals::sum).max().orElse(0);
  }

  static long peak(List<Run> runs) {
    return runs.stream().mapToLong(run -> of(run).peak()).max().orElse(0);
  }

  private static long sum(Map<String, Long> slice) {
    return slice.values().stream().mapToLong(Long::longValue).sum();
  }

  /**
   * Draws them as stacked columns.
   *
   * @param bottom the height of 0
   * @param unit the height of one arrival
   */
  void draw(Markup svg, Scale scale, Palette palette, double bottom, double unit) {
    slices.forEach(
        (slice, pods) -> {
          long fromMs = scale.zeroMs() + slice * SLICE_MS;
          if (!scale.shows(fromMs)) {
            return;
          }
          double x = scale.x(fromMs);
          double width = scale.x(fromMs + SLICE_MS) - x - 1;
          double y = bottom;
          for (Map.Entry<String, Long> pod : pods.entrySet()) {
            double height = pod.getValue() * unit;
            y -= height;
            svg.rect(palette.of(pod.getKey()), x, y, Math.max(1, width), height)
                .element(
                    "title",
                    "%s arrived at %s, %s to %s s"
                        .formatted(
                            pod.getValue(),
                            pod.getKey().isEmpty() ? "a pod without a name" : pod.getKey(),
                            ResultTable.seconds(slice * SLICE_MS),
                            ResultTable.seconds((slice + 1) * SLICE_MS)))
                .close();
          }
        });
  }
}
