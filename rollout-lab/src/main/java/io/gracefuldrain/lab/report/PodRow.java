package io.gracefuldrain.lab.report;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Set;

/** Draws the life of one pod: its bar, the time in the Service, its preStop, and its events. */
final class PodRow {
  static final double HEIGHT = 40;

  private static final double SERVICE_Y = 3;
  private static final double BAR_Y = 8;
  private static final double BAR_HEIGHT = 14;
  private static final double HOOK_Y = BAR_Y + BAR_HEIGHT + 2;
  private static final double WORDS_Y = 35;
  private static final double CHARACTER = 5.6;

  /** Marks closer than this share one label. */
  private static final double NEAR = 12;

  private static final Set<MarkKind> WORDED =
      EnumSet.of(
          MarkKind.CREATED,
          MarkKind.READY,
          MarkKind.UNREADY,
          MarkKind.DELETED,
          MarkKind.SIGTERM,
          MarkKind.SIGKILL,
          MarkKind.SIDECAR_ENDED,
          MarkKind.EXITED);

  private final Markup svg;
  private final Scale scale;
  private final PodLane pod;
  private final String colour;
  private final double top;

  PodRow(Markup svg, Scale scale, PodLane pod, Palette palette, double top) {
    this.svg = svg;
    this.scale = scale;
    this.pod = pod;
    this.colour = palette.of(pod.name());
    this.top = top;
  }

  void draw() {
    long started = pod.at(MarkKind.STARTED).orElse(scale.zeroMs());
    long ended = pod.at(MarkKind.EXITED).orElse(scale.endMs());
    long deleted = Math.min(ended, pod.at(MarkKind.DELETED).orElse(ended));
    long ready = Math.min(deleted, pod.at(MarkKind.READY).orElse(deleted));
    bar("pod starting " + colour, started, ready, "starting");
    bar("pod " + colour, ready, deleted, "serves");
    bar("pod ending " + colour, deleted, ended, "terminating");
    served(ended);
    hook();
    phases(deleted, ended);
    words();
  }

  private void bar(String kind, long fromMs, long toMs, String what) {
    if (toMs > fromMs && scale.shows(fromMs, toMs)) {
      span(kind, fromMs, toMs, BAR_Y, BAR_HEIGHT, pod.name() + " " + what);
    }
  }

  private void span(String kind, long fromMs, long toMs, double y, double height, String what) {
    double x = scale.x(fromMs);
    svg.rect(kind, x, top + y, scale.x(toMs) - x, height)
        .element("title", "%s, %s to %s s".formatted(what, seconds(fromMs), seconds(toMs)))
        .close();
  }

  private String seconds(long ms) {
    return ResultTable.seconds(ms - scale.zeroMs());
  }

  private void served(long ended) {
    OptionalLong from = OptionalLong.empty();
    for (Mark mark : pod.marks()) {
      if (mark.kind() == MarkKind.IN_SERVICE) {
        from = OptionalLong.of(mark.atMs());
      } else if (mark.kind() == MarkKind.OUT_OF_SERVICE && from.isPresent()) {
        served(from.getAsLong(), mark.atMs());
        from = OptionalLong.empty();
      }
    }
    if (from.isPresent()) {
      served(from.getAsLong(), pod.has(MarkKind.EXITED) ? ended : scale.endMs());
    }
  }

  private void served(long fromMs, long toMs) {
    if (scale.shows(fromMs, toMs)) {
      span("service", fromMs, toMs, SERVICE_Y, 2.5, "new connections go to " + pod.name());
    }
  }

  private void hook() {
    OptionalLong from = pod.at(MarkKind.PRE_STOP_BEGAN);
    OptionalLong to = pod.at(MarkKind.PRE_STOP_ENDED);
    if (from.isPresent() && to.isPresent()) {
      String note =
          pod.marks().stream()
              .filter(mark -> mark.kind() == MarkKind.PRE_STOP_ENDED)
              .map(Mark::note)
              .findFirst()
              .orElse("");
      span("hook", from.getAsLong(), to.getAsLong(), HOOK_Y, 2.5, "preStop (" + note + ")");
    }
  }

  /** Draws the phases of the drain, with their names where there is room. */
  private void phases(long deletedMs, long endedMs) {
    List<Mark> phases =
        pod.marks().stream()
            .filter(mark -> mark.kind() == MarkKind.PHASE && mark.atMs() >= deletedMs)
            .toList();
    for (int i = 0; i < phases.size(); i++) {
      long fromMs = phases.get(i).atMs();
      long toMs = i + 1 < phases.size() ? phases.get(i + 1).atMs() : endedMs;
      double width = scale.x(toMs) - scale.x(fromMs);
      String name = phases.get(i).note();
      svg.empty(
          "line",
          "class",
          "phase",
          "x1",
          scale.x(fromMs),
          "x2",
          scale.x(fromMs),
          "y1",
          top + BAR_Y,
          "y2",
          top + BAR_Y + BAR_HEIGHT);
      if (width > name.length() * 6.5 + 6) {
        svg.element(
            "text",
            name.toLowerCase(Locale.ROOT),
            "class",
            "phase",
            "x",
            scale.x(fromMs) + 4,
            "y",
            top + BAR_Y + 10.5);
      }
    }
  }

  /** Draws a tick for each mark and its label beneath; labels do not overlap. */
  private void words() {
    List<Mark> shown =
        pod.marks().stream()
            .filter(mark -> WORDED.contains(mark.kind()) && scale.shows(mark.atMs()))
            .toList();
    double free = 0;
    for (int i = 0; i < shown.size(); ) {
      double x = scale.x(shown.get(i).atMs());
      List<String> words = new ArrayList<>();
      for (; i < shown.size() && scale.x(shown.get(i).atMs()) - x < NEAR; i++) {
        tick(shown.get(i));
        words.add(words(shown.get(i)));
      }
      String text = String.join(" · ", words);
      double width = text.length() * CHARACTER;
      double place = Math.max(free, Math.min(x, scale.left() + scale.width() - width));
      svg.element("text", text, "class", "words", "x", place, "y", top + WORDS_Y);
      free = place + width + 8;
    }
  }

  private static String words(Mark mark) {
    return mark.kind() == MarkKind.EXITED ? "exit " + mark.note() : mark.kind().words();
  }

  private void tick(Mark mark) {
    double x = scale.x(mark.atMs());
    svg.open(
            "line",
            "class",
            "tick " + mark.kind().name().toLowerCase(Locale.ROOT),
            "x1",
            x,
            "x2",
            x,
            "y1",
            top + BAR_Y - 2,
            "y2",
            top + HOOK_Y + 3)
        .element("title", "%s: %s at %s s".formatted(pod.name(), words(mark), seconds(mark.atMs())))
        .close();
  }
}
