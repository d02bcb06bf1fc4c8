package io.gracefuldrain.lab.report;

import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The life of one pod.
 *
 * @param generation the generation of its rollout
 * @param marks in the order of their times
 * @param exitCode of its container, or null while that runs
 */
public record PodLane(
    String name, String generation, List<Mark> marks, @Nullable Integer exitCode) {
  /** Keeps its marks as they are now. */
  public PodLane {
    marks = List.copyOf(marks);
  }

  /** The time of the first such event, in milliseconds since the epoch. */
  public OptionalLong at(MarkKind kind) {
    return marks.stream().filter(mark -> mark.kind() == kind).mapToLong(Mark::atMs).findFirst();
  }

  /** Whether there is such an event. */
  public boolean has(MarkKind kind) {
    return at(kind).isPresent();
  }
}
