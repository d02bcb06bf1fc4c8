package io.gracefuldrain.lab.report;

import io.gracefuldrain.lab.results.ClientLedger;
import java.util.List;
import java.util.Locale;

/** A run as one small picture and one sentence, which a reader sees first. */
final class Summary {
  private static final double WIDTH = 420;
  private static final double HEIGHT = 150;

  private final Run run;
  private final List<Run> all;

  Summary(Run run, List<Run> all) {
    this.run = run;
    this.all = all;
  }

  void write(Markup html) {
    boolean holds = run.holds();
    html.open("li", "class", holds ? "card good" : "card bad");
    html.open("h3").element("a", run.strategy(), "href", "#" + run.strategy());
    html.element("span", holds ? "✓ holds" : "✗ " + broken(), "class", "badge").close();
    html.raw(picture());
    html.element("p", sentence(), "class", "sentence");
    html.close();
  }

  private String broken() {
    long count = run.verdicts().stream().filter(Verdict::failed).count();
    return count + (count == 1 ? " criterion broken" : " criteria broken");
  }

  private String picture() {
    List<ClientLedger> clients = Lanes.sorted(run);
    Scale scale = Scale.of(run, all, 0, WIDTH);
    Palette palette = new Palette(run);
    double step = HEIGHT / Math.max(1, clients.size());
    Markup svg = new Markup();
    svg.open(
        "svg",
        "xmlns",
        "http://www.w3.org/2000/svg",
        "class",
        "glance",
        "viewBox",
        String.format(Locale.ROOT, "0 0 %.0f %.0f", WIDTH, HEIGHT),
        "preserveAspectRatio",
        "none",
        "role",
        "img",
        "aria-label",
        run.strategy() + ": " + sentence());
    for (int i = 0; i < clients.size(); i++) {
      Lanes.draw(svg, clients.get(i), scale, palette, i * step, step * 0.86, false);
    }
    double zero = scale.x(scale.zeroMs());
    svg.empty("line", "class", "zero", "x1", zero, "x2", zero, "y1", 0.0, "y2", HEIGHT);
    return svg.close().toString();
  }

  private String sentence() {
    Figures all = Figures.of(run.crowd().clients());
    Reconciliation both = Reconciliation.of(run);
    return String.format(
        Locale.ROOT,
        "%s failed connects, %s, %s orders cut, at most %s of %s clients"
            + " arrive within half a second",
        all.failedConnects(),
        run.clientsOnly()
            ? all.missing() + " messages missed"
            : both.lost() + " messages lost on the way",
        both.ordersCut(),
        Arrivals.of(run).peak(),
        all.clients());
  }
}
