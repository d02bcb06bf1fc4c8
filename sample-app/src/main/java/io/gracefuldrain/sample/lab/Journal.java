package io.gracefuldrain.sample.lab;

import io.gracefuldrain.sample.report.Mark;
import io.gracefuldrain.sample.report.MarkKind;
import java.io.PrintWriter;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** Says what happens, a line each, with the time since the rollout began. Thread-safe. */
final class Journal {
  private static final Set<MarkKind> WORTH_A_LINE =
      EnumSet.complementOf(EnumSet.of(MarkKind.STARTED, MarkKind.UP));

  private final PrintWriter out;
  private String strategy = "";
  private long zeroMs;

  Journal(PrintWriter out) {
    this.out = out;
  }

  synchronized void begin(Strategy next) {
    strategy = next.text();
    zeroMs = System.currentTimeMillis();
    out.println();
    say(next.about());
  }

  /** From now on times count from here. */
  synchronized void rollout() {
    zeroMs = System.currentTimeMillis();
    say("rollout begins");
  }

  synchronized void happened(PodSpec pod, Mark mark) {
    if (WORTH_A_LINE.contains(mark.kind())) {
      say(
          pod.name()
              + "  "
              + mark.kind().words()
              + (mark.note().isEmpty() ? "" : ": " + mark.note()));
    }
  }

  synchronized void say(String what) {
    double seconds = (System.currentTimeMillis() - zeroMs) / 1e3;
    out.println(String.format(Locale.ROOT, "%-9s %5.1f s  %s", strategy, seconds, what));
    out.flush();
  }
}
