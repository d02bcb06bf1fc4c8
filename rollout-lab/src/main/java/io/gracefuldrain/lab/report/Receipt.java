package io.gracefuldrain.lab.report;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A drain's receipt, as the pod wrote it.
 *
 * @param tracked connections that the drain had to see to
 * @param remaining those without an outcome
 * @param outcomes how many ended how
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
    outcomes = outcomes == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(outcomes));
  }

  /** The outcomes' sum, which the pod's own word for it is not taken for. */
  public long sum() {
    return outcomes.values().stream().mapToLong(Long::longValue).sum();
  }
}
