package io.gracefuldrain.lab.report;

import io.gracefuldrain.lab.results.ClientLedger;
import java.util.List;
import java.util.Locale;

/**
 * Draws one run over time: a lane for each pod, a lane for each client, and the arrivals. All runs
 * of an experiment have one scale.
 */
final class Timeline {
  private static final double WIDTH = 1_100;
  private static final double LEFT = 150;
  private static final double RIGHT = 12;
  private static final double TOP = 22;
  private static final double CLIENT_HEIGHT = 11;
  private static final double CLIENT_STEP = 13;
  private static final double GAP = 14;
  private static final double ARRIVALS_HEIGHT = 56;
  private static final int LABEL = 19;

  private final Run run;
  private final Scale scale;
  private final Palette palette;
  private final long peak;
  private final Markup svg = new Markup();

  /**
   * @param all the experiment's runs, for the scales
   */
  Timeline(Run run, List<Run> all) {
    this.run = run;
    this.scale = Scale.of(run, all, LEFT, WIDTH - LEFT - RIGHT);
    this.palette = new Palette(run);
    this.peak = Math.max(1, Arrivals.peak(all));
  }

  String svg() {
    List<ClientLedger> clients = Lanes.sorted(run);
    double clientsTop = TOP + run.pods().size() * PodRow.HEIGHT + GAP;
    double arrivalsTop = clientsTop + clients.size() * CLIENT_STEP + GAP;
    double height = arrivalsTop + ARRIVALS_HEIGHT + 8;
    String titleId = "timeline-" + run.strategy();
    svg.open(
        "svg",
        "xmlns",
        "http://www.w3.org/2000/svg",
        "class",
        "timeline",
        "viewBox",
        String.format(Locale.ROOT, "0 0 %.0f %.0f", WIDTH, height),
        "role",
        "img",
        "aria-labelledby",
        titleId);
    svg.element(
        "title",
        "%s: %s pods and %s clients over %s seconds; the tables below say the same in words"
            .formatted(
                run.strategy(),
                run.pods().size(),
                clients.size(),
                ResultTable.seconds(run.settledMs() - run.rolloutMs())),
        "id",
        titleId);
    axis(arrivalsTop + ARRIVALS_HEIGHT);
    for (int i = 0; i < run.pods().size(); i++) {
      pod(run.pods().get(i), TOP + i * PodRow.HEIGHT);
    }
    for (int i = 0; i < clients.size(); i++) {
      client(clients.get(i), clientsTop + i * CLIENT_STEP);
    }
    arrivals(arrivalsTop);
    return svg.close().toString();
  }

  private void axis(double bottom) {
    long step = scale.tickSeconds() * 1_000L;
    for (long ms = -(-scale.fromMs() / step) * step; ms <= scale.toMs(); ms += step) {
      double x = scale.x(scale.zeroMs() + ms);
      svg.empty(
          "line",
          "class",
          ms == 0 ? "zero" : "grid",
          "x1",
          x,
          "x2",
          x,
          "y1",
          TOP - 6,
          "y2",
          bottom);
      svg.element(
          "text",
          ms == 0 ? "rollout" : ms / 1_000 + " s",
          "class",
          "axis",
          "x",
          x,
          "y",
          TOP - 10,
          "text-anchor",
          "middle");
    }
  }

  private void pod(PodLane pod, double y) {
    svg.open("g", "class", "lane pod-lane", "data-pod", pod.name());
    label(pod.name(), "pod-name", y + 19);
    new PodRow(svg, scale, pod, palette, y).draw();
    svg.close();
  }

  private void client(ClientLedger client, double y) {
    svg.open("g", "class", "lane client-lane", "data-client", client.client());
    label(client.kind().text() + " " + client.client(), "client-name", y + 9);
    Lanes.draw(svg, client, scale, palette, y, CLIENT_HEIGHT, true);
    svg.close();
  }

  private void label(String text, String kind, double y) {
    boolean whole = text.length() <= LABEL;
    svg.open("text", "class", kind, "x", LEFT - 8, "y", y, "text-anchor", "end")
        .text(whole ? text : "…" + text.substring(text.length() - LABEL + 1))
        .raw(whole ? "" : new Markup().element("title", text).toString())
        .close();
  }

  private void arrivals(double top) {
    double bottom = top + ARRIVALS_HEIGHT;
    label("arrivals", "pod-name", top + 20);
    label("peak " + Arrivals.of(run).peak() + " in 0.5 s", "client-name", top + 34);
    svg.empty("line", "class", "base", "x1", LEFT, "x2", WIDTH - RIGHT, "y1", bottom, "y2", bottom);
    Arrivals.of(run).draw(svg, scale, palette, bottom, (ARRIVALS_HEIGHT - 4) / peak);
  }
}
