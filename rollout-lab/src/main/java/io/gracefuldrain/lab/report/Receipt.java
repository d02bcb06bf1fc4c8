package io.gracefuldrain.lab.report;

import com.fasterxml.jackson.annotation.JsonCreator;
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
 * @param handover what became of the sessions that it kept; null if it hands none over
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
    boolean compressed,
    @Nullable HandOvers handover)
    implements PodLine {

  /**
   * What became of the sessions that a drain has kept.
   *
   * @param offered sessions that another pod could take
   * @param taken those that one has taken
   */
  public record HandOvers(long offered, long taken) {}

  /** Keeps its outcomes as they are now, in their order. */
  @JsonCreator
  public Receipt {
    outcomes =
        outcomes == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(outcomes));
  }

  /** The receipt of a pod that hands no session over. */
  public Receipt(
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
      boolean compressed) {
    this(
        pod,
        generation,
        epoch,
        elapsedMs,
        tracked,
        late,
        remaining,
        outcomes,
        handshakesRefused,
        workAbandoned,
        compressed,
        null);
  }

  /** The sum of the outcomes, computed here and not taken from the pod. */
  public long sum() {
    return outcomes.values().stream().mapToLong(Long::longValue).sum();
  }
}
