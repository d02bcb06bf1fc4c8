package io.gracefuldrain.benchmarks.crowd;

import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/** The results as drawings. */
final class CrowdPlots {
  private static final int WIDTH = 800;
  private static final int LEFT = 56;
  private static final int RIGHT = 190;

  private final CrowdResults results;

  CrowdPlots(CrowdResults results) {
    this.results = results;
  }

  // ---------------------------------------------------------------- arrivals over time

  /** A strip for each way: how the largest crowd came to the receiver. */
  String arrivals() {
    int[] sizes = results.sizes();
    int clients = sizes[sizes.length - 1];
    List<Way> ways = results.ways();
    int strip = 74;
    int top = 34;
    int height = top + ways.size() * strip + 34;
    double mean = clients * (double) Figures.STRETCH.toMillis() / results.windowMs();
    double most =
        ways.stream()
            .flatMap(way -> results.of(way, clients).stream())
            .mapToDouble(run -> most(run.arrivals().per100Ms()) / mean)
            .max()
            .orElse(1);
    double seconds = 1.5 * results.windowMs() / 1e3;
    Svg svg =
        new Svg(WIDTH, height, "Arrivals at the receiver over time, for each way to end a pod");
    svg.label(
        LEFT,
        16,
        "start",
        "head",
        "Arrivals in each 100 ms beside their even mean, %s clients (scale: square root)"
            .formatted(thousands(clients)));
    for (int i = 0; i < ways.size(); i++) {
      Way way = ways.get(i);
      double bottom = top + (i + 1) * strip - 8;
      double scale = (strip - 14) / Math.sqrt(most);
      for (double tick : new double[] {0, 1, 4, 9, 16}) {
        if (tick <= most * 1.05) {
          double y = bottom - scale * Math.sqrt(tick);
          svg.grid(LEFT, y, WIDTH - RIGHT, y);
          svg.label(LEFT - 6, y + 4, "end", "faint", number(tick, 0));
        }
      }
      for (Found run : results.of(way, clients)) {
        svg.line(Pen.of(way), 1.2, steps(run.arrivals().per100Ms(), mean, seconds, bottom, scale));
      }
      svg.label(WIDTH - RIGHT + 8, bottom - 18, "start", "", way.title);
    }
    for (int second = 0; second <= seconds; second += 5) {
      svg.label(x(second, seconds), height - 18, "middle", "faint", second + " s");
    }
    svg.label(
        (LEFT + WIDTH - RIGHT) / 2.0,
        height - 4,
        "middle",
        "faint",
        "since the beginning of the end");
    return svg.done();
  }

  private static double x(double second, double seconds) {
    return LEFT + (WIDTH - RIGHT - LEFT) * second / seconds;
  }

  private static double[] steps(
      List<Integer> counts, double mean, double seconds, double bottom, double scale) {
    int shown = (int) Math.min(counts.size(), seconds * 10);
    double[] points = new double[2 * shown + 2];
    for (int i = 0; i < shown; i++) {
      points[2 * i] = x((i + 0.5) / 10, seconds);
      points[2 * i + 1] = bottom - scale * Math.sqrt(counts.get(i) / mean);
    }
    points[2 * shown] = x((shown + 0.5) / 10, seconds);
    points[2 * shown + 1] = bottom;
    return points;
  }

  private static int most(List<Integer> counts) {
    return counts.stream().mapToInt(Integer::intValue).max().orElse(0);
  }

  // ---------------------------------------------------------------- figures against size

  /** The peak over the mean of each way, and the floor. */
  String peaks() {
    Svg svg = new Svg(WIDTH, 330, "Peak over mean of arrivals against the number of clients");
    svg.label(
        LEFT, 16, "start", "head", "Arrivals in the busiest 100 ms beside their even mean (log)");
    Panel panel = new Panel(svg, 34, 280, new double[] {1, 1.5, 2, 3, 5, 10, 20}, true);
    panel.draw(
        Pen.FLOOR,
        "floor of the back-off",
        clients -> results.floor(clients).least(),
        clients -> results.floor(clients).median(),
        clients -> results.floor(clients).most());
    results.ways().forEach(way -> panel.draw(way, run -> run.arrivals().peakOverMean()));
    panel.sizes();
    return svg.done();
  }

  /** Processor time for each client, of both pods. */
  String processor() {
    Svg svg = new Svg(WIDTH, 560, "Processor time for each client against the number of clients");
    svg.label(
        LEFT, 16, "start", "head", "Processor of the ending pod's threads for each client, us");
    Panel from =
        new Panel(svg, 34, 240, ticks(Way::letsGo, run -> run.cost().fromThreads()), false);
    results.ways().stream()
        .filter(Way::letsGo)
        .forEach(way -> from.draw(way, run -> run.cost().fromThreads()));
    from.sizes();
    svg.label(
        LEFT, 296, "start", "head", "Processor of the receiver's threads for each client, us");
    Panel to = new Panel(svg, 314, 520, ticks(way -> true, run -> run.cost().toThreads()), false);
    results.ways().forEach(way -> to.draw(way, run -> run.cost().toThreads()));
    to.sizes();
    return svg.done();
  }

  private double[] ticks(Predicate<Way> which, ToDoubleFunction<Found> figure) {
    double most =
        results.runs().stream()
            .filter(run -> which.test(run.way()))
            .mapToDouble(figure)
            .max()
            .orElse(1);
    double step = Math.pow(10, Math.floor(Math.log10(Math.max(1, most))));
    step = most / step < 2 ? step / 4 : most / step < 5 ? step / 2 : step;
    int count = (int) Math.ceil(most / step) + 1;
    double[] ticks = new double[count];
    for (int i = 0; i < count; i++) {
      ticks[i] = i * step;
    }
    return ticks;
  }

  private static String thousands(int value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  private static String number(double value, int digits) {
    return String.format(Locale.ROOT, "%." + digits + "f", value);
  }

  /** Lines against the number of clients. */
  private final class Panel {
    private final Svg svg;
    private final double top;
    private final double bottom;
    private final double[] ticks;
    private final boolean log;
    private int legends;

    Panel(Svg svg, double top, double bottom, double[] ticks, boolean log) {
      this.svg = svg;
      this.top = top;
      this.bottom = bottom;
      this.ticks = ticks;
      this.log = log;
      for (double tick : ticks) {
        svg.grid(LEFT, y(tick), WIDTH - RIGHT, y(tick));
        svg.label(
            LEFT - 6, y(tick) + 4, "end", "faint", number(tick, tick == Math.rint(tick) ? 0 : 1));
      }
    }

    private double y(double value) {
      double share = (scaled(value) - scaled(ticks[0])) / (scaled(most()) - scaled(ticks[0]));
      return bottom - (bottom - top) * share;
    }

    private double most() {
      return ticks[ticks.length - 1];
    }

    private double scaled(double value) {
      return log ? Math.log(value) : value;
    }

    void draw(Way way, ToDoubleFunction<Found> figure) {
      draw(
          Pen.of(way),
          way.title,
          clients -> results.of(way, clients).stream().mapToDouble(figure).min().orElse(0),
          clients -> CrowdResults.median(results.of(way, clients), figure),
          clients -> results.of(way, clients).stream().mapToDouble(figure).max().orElse(0));
    }

    void draw(
        Pen pen,
        String title,
        ToDoubleFunction<Integer> least,
        ToDoubleFunction<Integer> median,
        ToDoubleFunction<Integer> most) {
      int[] sizes = results.sizes();
      double[] points = new double[2 * sizes.length];
      for (int i = 0; i < sizes.length; i++) {
        double x = x(i, sizes.length);
        points[2 * i] = x;
        points[2 * i + 1] = y(median.applyAsDouble(sizes[i]));
        svg.dot(pen, x, points[2 * i + 1]);
        svg.line(pen, 1, x, y(least.applyAsDouble(sizes[i])), x, y(most.applyAsDouble(sizes[i])));
      }
      svg.line(pen, 2, points);
      double y = top + 8 + 18 * legends++;
      svg.line(pen, 2, WIDTH - RIGHT + 12, y - 4, WIDTH - RIGHT + 30, y - 4);
      svg.label(WIDTH - RIGHT + 36, y, "start", "", title);
    }

    private double x(int place, int count) {
      double width = WIDTH - RIGHT - LEFT - 60;
      return LEFT + 30 + (count == 1 ? width / 2 : width * place / (count - 1));
    }

    void sizes() {
      int[] sizes = results.sizes();
      for (int i = 0; i < sizes.length; i++) {
        svg.label(x(i, sizes.length), bottom + 18, "middle", "faint", thousands(sizes[i]));
      }
      svg.label((LEFT + WIDTH - RIGHT) / 2.0, bottom + 34, "middle", "faint", "clients that move");
    }
  }
}
