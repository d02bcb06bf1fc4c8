package io.gracefuldrain.lab.report;

import io.gracefuldrain.lab.results.ClientLedger;
import io.gracefuldrain.lab.results.Gap;
import io.gracefuldrain.lab.results.Move;
import io.gracefuldrain.lab.results.Stay;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.LongStream;

/**
 * Draws the clients: one row each. A row has the colour of the client's pod, and is broken where
 * the client is away.
 */
final class Lanes {
  private Lanes() {}

  /**
   * Returns the clients in the order in which they first lost or changed their connection, so that
   * a steady pace shows as a slope.
   */
  static List<ClientLedger> sorted(Run run) {
    return run.crowd().clients().stream()
        .sorted(
            Comparator.comparingLong((ClientLedger client) -> firstChange(client, run.rolloutMs()))
                .thenComparingInt(ClientLedger::client))
        .toList();
  }

  private static long firstChange(ClientLedger client, long afterMs) {
    return LongStream.concat(
            client.gaps().stream().mapToLong(Gap::fromMs),
            client.moves().stream().mapToLong(Move::fromMs))
        .filter(from -> from >= afterMs)
        .min()
        .orElse(Long.MAX_VALUE);
  }

  /** Draws the row of one client, with titles if wanted. */
  static void draw(
      Markup svg,
      ClientLedger client,
      Scale scale,
      Palette palette,
      double y,
      double height,
      boolean titled) {
    for (int i = 0; i < client.stays().size(); i++) {
      String title = titled ? title(stay(client.stays().get(i), scale)) : "";
      for (LaneBar piece : LaneBar.of(client.stays(), i, scale.endMs())) {
        if (scale.shows(piece.fromMs(), piece.toMs())) {
          bar(
              svg,
              palette.of(client.stays().get(i).pod()),
              scale,
              piece.fromMs(),
              piece.toMs(),
              y + piece.top() * height,
              piece.height() * height);
          svg.raw(title).close();
        }
      }
    }
    for (Gap gap : client.gaps()) {
      long end = gap.toMs() == null ? scale.endMs() : gap.toMs();
      if (scale.shows(gap.fromMs(), end)) {
        String kind = gap.failedConnects() > 0 || gap.toMs() == null ? "gap hard" : "gap";
        bar(svg, kind, scale, gap.fromMs(), end, y, height);
        svg.raw(titled ? title(gap(gap)) : "").close();
      }
    }
  }

  private static void bar(
      Markup svg, String kind, Scale scale, long fromMs, long toMs, double y, double height) {
    double x = scale.x(fromMs);
    svg.rect(kind, x, y, Math.max(0.5, scale.x(toMs) - x), height);
  }

  private static String title(String text) {
    return new Markup().element("title", text).toString();
  }

  private static String stay(Stay stay, Scale scale) {
    return String.format(
        Locale.ROOT,
        "%s, from %s s%s; %s messages received, %s uploads acknowledged",
        stay.pod() == null ? "a pod that did not say its name" : stay.pod(),
        ResultTable.seconds(stay.fromMs() - scale.zeroMs()),
        stay.toMs() == null
            ? " on"
            : " to " + ResultTable.seconds(stay.toMs() - scale.zeroMs()) + " s",
        stay.received(),
        stay.acknowledged());
  }

  static String move(Move move) {
    Move.Figures figures = move.figures();
    if (figures == null) {
      return move.failed() ? "not moved: " + move.failure() : "moving";
    }
    return "moved in %s ms; emits held: %s, duplicates dropped: %s"
        .formatted(figures.tookMs(), figures.held(), figures.duplicates());
  }

  static String gap(Gap gap) {
    return gap.toMs() == null
        ? "away and not back, failed connects: " + gap.failedConnects()
        : String.format(
            Locale.ROOT,
            "away for %s ms; its own back-off %s ms; failed connects: %s",
            gap.lengthMs(),
            gap.backoffMs(),
            gap.failedConnects());
  }
}
