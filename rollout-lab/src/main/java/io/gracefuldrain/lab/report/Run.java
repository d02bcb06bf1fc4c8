package io.gracefuldrain.lab.report;

import com.fasterxml.jackson.annotation.JsonCreator;
import io.gracefuldrain.lab.results.CrowdReport;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One rollout under one strategy.
 *
 * @param about what the strategy does, in one sentence
 * @param drains whether its pods drain, and so must write receipts
 * @param rolloutMs when the rollout began, in milliseconds since the epoch
 * @param settledMs when the last old pod had ended
 * @param refused connections that the Service refused, or could not forward; -1 if unknown
 * @param clientsOnly whether its pods keep no ledger, so that only its clients say what became of
 *     sessions
 * @param handsOver whether its pods hand sessions over, and so must do it
 * @param pods in the order of their creation
 * @param receipts the receipts of the pods that were replaced
 * @param verdicts the verdict on each criterion
 */
public record Run(
    String strategy,
    String about,
    boolean drains,
    long rolloutMs,
    long settledMs,
    int refused,
    boolean clientsOnly,
    boolean handsOver,
    List<PodLane> pods,
    CrowdReport crowd,
    List<SessionLine> sessions,
    List<Receipt> receipts,
    List<Verdict> verdicts) {
  /** Keeps its lists as they are now. */
  @JsonCreator
  public Run {
    pods =
        pods.stream()
            .sorted(Comparator.comparingLong(pod -> pod.at(MarkKind.CREATED).orElse(0)))
            .toList();
    sessions = List.copyOf(sessions);
    receipts = List.copyOf(receipts);
    verdicts = List.copyOf(verdicts);
  }

  /** A run whose pods hand no session over. */
  public Run(
      String strategy,
      String about,
      boolean drains,
      long rolloutMs,
      long settledMs,
      int refused,
      boolean clientsOnly,
      List<PodLane> pods,
      CrowdReport crowd,
      List<SessionLine> sessions,
      List<Receipt> receipts,
      List<Verdict> verdicts) {
    this(
        strategy,
        about,
        drains,
        rolloutMs,
        settledMs,
        refused,
        clientsOnly,
        false,
        pods,
        crowd,
        sessions,
        receipts,
        verdicts);
  }

  /** Returns the same run, judged. */
  public Run judged() {
    return judged(List.of());
  }

  /**
   * Returns the same run, judged.
   *
   * @param also verdicts in addition to those of every run; one on the same criterion replaces it
   */
  public Run judged(List<Verdict> also) {
    Set<String> own = also.stream().map(Verdict::criterion).collect(Collectors.toSet());
    List<Verdict> all = new ArrayList<>(Criteria.judge(this));
    all.removeIf(verdict -> own.contains(verdict.criterion()));
    all.addAll(also);
    return new Run(
        strategy,
        about,
        drains,
        rolloutMs,
        settledMs,
        refused,
        clientsOnly,
        handsOver,
        pods,
        crowd,
        sessions,
        receipts,
        all);
  }

  /** The pods that the rollout replaced. */
  public List<PodLane> replaced() {
    return pods.stream().filter(pod -> pod.has(MarkKind.DELETED)).toList();
  }

  /** Whether no criterion is broken. */
  public boolean holds() {
    return verdicts.stream().noneMatch(Verdict::failed);
  }
}
