package io.gracefuldrain.lab.report;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The receipt of a drain, as the pod wrote it.
 *
 * @param tracked connections in the drain's care
 * @param remaining connections without an outcome
 * @param outcomes how many connections ended with each outcome
 */
public record Receipt(
    String pod,
    @Nullable String generation,
    int epoch,
    long elapsedMs,
    long tracked,
    long late,
    long remaining,
    Map<String, Long> outcomes,
    long handshakesRefused,
    long workAbandoned,
    boolean compressed)
    implements PodLine {
  /** Keeps its outcomes as they are now, in their order. */
  public Receipt {
    outcomes =
        outcomes == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(outcomes));
  }

  /** The sum of the outcomes, computed here and not taken from the pod. */
  public long sum() {
    return outcomes.values().stream().mapToLong(Long::longValue).sum();
  }
}
