package io.gracefuldrain.lab.report;

import java.io.PrintWriter;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** Prints what happens, one line each, with the time since the rollout began. Thread-safe. */
public final class Commentary {
  private static final Set<MarkKind> WORTH_A_LINE =
      EnumSet.complementOf(EnumSet.of(MarkKind.STARTED, MarkKind.UP));

  private final PrintWriter out;
  private String run = "";
  private long zeroMs;
  private boolean quiet;

  /** Prints to this writer. */
  public Commentary(PrintWriter out) {
    this.out = out;
  }

  /** A run begins. */
  public synchronized void begin(String next, String about) {
    run = next;
    quiet = false;
    zeroMs = System.currentTimeMillis();
    out.println();
    say(about);
  }

  /** Times count from now on. */
  public synchronized void zero(String what) {
    zeroMs = System.currentTimeMillis();
    say(what + " begins");
  }

  /** Something has happened to a pod. */
  public synchronized void happened(String pod, Mark mark) {
    if (!quiet && WORTH_A_LINE.contains(mark.kind())) {
      say(pod + "  " + mark.kind().words() + (mark.note().isEmpty() ? "" : ": " + mark.note()));
    }
  }

  /** Pods are no longer reported. Their later changes are not part of the run. */
  public synchronized void quiet() {
    quiet = true;
  }

  /** Prints a line of free text. */
  public synchronized void say(String what) {
    double seconds = (System.currentTimeMillis() - zeroMs) / 1e3;
    out.println(String.format(Locale.ROOT, "%-9s %5.1f s  %s", run, seconds, what));
    out.flush();
  }
}
