package io.gracefuldrain.benchmarks.crowd;

import java.util.Locale;

/** A drawing that can be read on light and on dark ground. Not thread-safe. */
final class Svg {
  private final StringBuilder text = new StringBuilder();

  /**
   * A drawing of this size.
   *
   * @param title what it shows, for those who cannot see it
   */
  Svg(int width, int height, String title) {
    add(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %s %s\" role=\"img\">",
        width, height);
    add("<title>%s</title>", escaped(title));
    add("<style>");
    add("svg { color: #1f2328; } .way { fill: none; stroke-linejoin: round; }");
    add("text { fill: currentColor; font: 12px system-ui, sans-serif; }");
    add(".head { font-weight: 600; font-size: 13px; } .faint { opacity: 0.7; }");
    add(".grid { stroke: currentColor; stroke-opacity: 0.18; }");
    add("@media (prefers-color-scheme: dark) { svg { color: #e6edf3; } }");
    add("</style>");
  }

  /** A line across, or up. */
  void grid(double x1, double y1, double x2, double y2) {
    add("<path class=\"grid\" d=\"M%s %sL%s %s\"/>", at(x1), at(y1), at(x2), at(y2));
  }

  /**
   * A line through points.
   *
   * @param points x and y in turn
   */
  void line(Pen pen, double width, double... points) {
    StringBuilder path = new StringBuilder();
    for (int i = 0; i + 1 < points.length; i += 2) {
      path.append(i == 0 ? 'M' : 'L').append(at(points[i])).append(' ').append(at(points[i + 1]));
    }
    add(
        "<path class=\"way\" stroke=\"%s\" stroke-width=\"%s\" stroke-dasharray=\"%s\" d=\"%s\"/>",
        pen.colour(), at(width), pen.dashes(), path);
  }

  void dot(Pen pen, double x, double y) {
    add("<circle cx=\"%s\" cy=\"%s\" r=\"3\" fill=\"%s\"/>", at(x), at(y), pen.colour());
  }

  /**
   * Text that begins, has its middle or ends at a point: {@code start}, {@code middle}, {@code
   * end}.
   */
  void label(double x, double y, String anchor, String kind, String words) {
    add(
        "<text x=\"%s\" y=\"%s\" text-anchor=\"%s\" class=\"%s\">%s</text>",
        at(x), at(y), anchor, kind, escaped(words));
  }

  /** The whole. */
  String done() {
    return text + "</svg>\n";
  }

  private void add(String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values)).append('\n');
  }

  private static String at(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }

  private static String escaped(String words) {
    return words.replace("&", "&amp;").replace("<", "&lt;");
  }
}
