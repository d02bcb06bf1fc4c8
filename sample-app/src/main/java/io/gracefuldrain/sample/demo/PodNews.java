package io.gracefuldrain.sample.demo;

import io.gracefuldrain.lab.report.PodLine;
import io.gracefuldrain.lab.report.Receipt;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The news about a drain in a line of a pod's output, for people. */
final class PodNews {
  /**
   * One piece of news.
   *
   * @param phase the pod's new phase, or null
   * @param text for people
   */
  record News(@Nullable String phase, String text) {}

  private PodNews() {}

  /** The news of a line, or null if it has none. */
  static @Nullable News of(String line) {
    PodLine parsed = parsed(line);
    if (parsed instanceof PodLine.Phase phase) {
      return new News(phase.phase(), text(phase));
    }
    return parsed instanceof Receipt receipt
        ? new News(null, "receipt: " + outcomes(receipt))
        : null;
  }

  private static @Nullable PodLine parsed(String line) {
    try {
      return PodLine.parse(line).orElse(null);
    } catch (IllegalArgumentException e) {
      return null; // a receipt that is cut short is no news
    }
  }

  private static String text(PodLine.Phase phase) {
    return "%s  %s connection%s%s"
        .formatted(
            phase.phase(),
            phase.connections(),
            phase.connections() == 1 ? "" : "s",
            phase.workInFlight() == 0 ? "" : ", " + phase.workInFlight() + " in flight");
  }

  private static String outcomes(Receipt receipt) {
    List<String> parts = new ArrayList<>();
    for (Map.Entry<String, Long> outcome : receipt.outcomes().entrySet()) {
      if (outcome.getValue() > 0) {
        parts.add(outcome.getValue() + " " + outcome.getKey());
      }
    }
    return receipt.tracked() == 0
        ? "nobody was here"
        : receipt.tracked() + " tracked: " + String.join(", ", parts);
  }
}
