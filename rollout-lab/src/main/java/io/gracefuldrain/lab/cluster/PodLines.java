package io.gracefuldrain.lab.cluster;

import io.gracefuldrain.lab.report.Mark;
import io.gracefuldrain.lab.report.MarkKind;
import io.gracefuldrain.lab.report.PodLine;
import io.gracefuldrain.lab.report.PodLog;
import io.gracefuldrain.lab.report.Receipt;
import io.gracefuldrain.lab.report.SessionLine;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** A pod's output, line by line, as {@code kubectl logs --timestamps} delivers it. Thread-safe. */
final class PodLines {
  private static final String PRE_STOP = "PRE_STOP";

  private final PodLog log = new PodLog();
  private final List<Mark> hooks = new ArrayList<>();

  /** Reads a line. It begins with the time at which the pod wrote it, by its node's clock. */
  void read(String line) {
    int space = line.indexOf(' ');
    String text = line.substring(space + 1);
    long atMs;
    try {
      atMs = Instant.parse(line.substring(0, Math.max(0, space))).toEpochMilli();
    } catch (DateTimeParseException e) {
      return; // kubectl's own words
    }
    if (text.contains("DRAIN-052 SIGTERM")) {
      signal(atMs);
    }
    PodLine.parse(text)
        .ifPresent(
            each -> {
              log.add(each, atMs);
              if (each instanceof PodLine.Phase phase && phase.reasons().contains(PRE_STOP)) {
                drained(phase.phase(), atMs);
              }
            });
  }

  // The kubelet's actions, as the pod notices them.

  private synchronized void signal(long atMs) {
    endHook(atMs, "given up");
    hooks.add(new Mark(MarkKind.SIGTERM, atMs, ""));
  }

  private synchronized void drained(String phase, long atMs) {
    if (phase.equals("UNREADY")) {
      hooks.add(new Mark(MarkKind.PRE_STOP_BEGAN, atMs, ""));
    } else if (phase.equals("DRAINED")) {
      endHook(atMs, "drained");
    }
  }

  /**
   * The hook is answered when the drain is done. An earlier signal means that the hook was given
   * up.
   */
  private void endHook(long atMs, String note) {
    Set<MarkKind> seen = hooks.stream().map(Mark::kind).collect(Collectors.toSet());
    if (seen.contains(MarkKind.PRE_STOP_BEGAN) && !seen.contains(MarkKind.PRE_STOP_ENDED)) {
      hooks.add(new Mark(MarkKind.PRE_STOP_ENDED, atMs, note));
    }
  }

  /** Its phases and its hooks. */
  synchronized List<Mark> marks() {
    List<Mark> marks = new ArrayList<>(log.phases());
    marks.addAll(hooks);
    return marks;
  }

  List<SessionLine> sessions() {
    return log.sessions();
  }

  List<Receipt> receipts() {
    return log.receipts();
  }
}
