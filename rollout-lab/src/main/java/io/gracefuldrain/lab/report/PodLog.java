package io.gracefuldrain.lab.report;

import java.util.ArrayList;
import java.util.List;

/**
 * The phases, sessions and drains in a pod's output. Lines are given as they come; lines that say
 * nothing of the kind are skipped. Thread-safe.
 */
public final class PodLog {
  private final List<Mark> phases = new ArrayList<>();
  private final List<SessionLine> sessions = new ArrayList<>();
  private final List<Receipt> receipts = new ArrayList<>();

  /**
   * Reads a line.
   *
   * @param atMs when it was written, in milliseconds since the epoch
   * @throws IllegalArgumentException if the line begins a session or a receipt and is none
   */
  public void read(String line, long atMs) {
    PodLine.parse(line).ifPresent(each -> add(each, atMs));
  }

  /** Takes a line that has been read already. */
  public synchronized void add(PodLine line, long atMs) {
    if (line instanceof PodLine.Phase phase) {
      phases.add(new Mark(MarkKind.PHASE, atMs, phase.phase()));
    } else if (line instanceof SessionLine session) {
      sessions.add(session);
    } else if (line instanceof Receipt receipt) {
      receipts.add(receipt);
    }
  }

  /** The phases that the pod has reported, as marks. */
  public synchronized List<Mark> phases() {
    return List.copyOf(phases);
  }

  /** The sessions that have ended. */
  public synchronized List<SessionLine> sessions() {
    return List.copyOf(sessions);
  }

  /** The drains that have ended. */
  public synchronized List<Receipt> receipts() {
    return List.copyOf(receipts);
  }
}
