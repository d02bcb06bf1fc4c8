package io.gracefuldrain.benchmarks;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One line of the table: what something costs, beside what.
 *
 * @param name says what was measured
 * @param unit of the numbers
 * @param ours what it costs here
 * @param besideName what it is compared with, or empty
 * @param beside what that costs, in the same unit; null if it is compared with nothing
 * @param ratio of the first to the second, or null; of their medians, or round by round
 * @param goal the most that is aimed at, or null
 */
record Row(
    String name,
    String unit,
    Spread ours,
    String besideName,
    @Nullable Spread beside,
    @Nullable Spread ratio,
    @Nullable Goal goal) {

  /** The most that is aimed at: of the ratio, or of the number itself. */
  record Goal(double most, boolean ofRatio) {
    @Override
    public String toString() {
      return "<= " + brief(most);
    }
  }

  /** A number that is compared with nothing. */
  static Row alone(String name, String unit, Spread ours) {
    return new Row(name, unit, ours, "", null, null, null);
  }

  /** A number beside that of something else. The ratio is that of the medians. */
  static Row beside(String name, String unit, Spread ours, String besideName, Spread beside) {
    double ratio = ours.median() / beside.median();
    return new Row(name, unit, ours, besideName, beside, new Spread(ratio, ratio, ratio, 1), null);
  }

  Row ratioAtMost(double most) {
    return new Row(name, unit, ours, besideName, beside, ratio, new Goal(most, true));
  }

  Row atMost(double most) {
    return new Row(name, unit, ours, besideName, beside, ratio, new Goal(most, false));
  }

  private String verdict() {
    if (goal == null) {
      return "";
    }
    Spread judged = goal.ofRatio() && ratio != null ? ratio : ours;
    return goal + (judged.median() <= goal.most() ? ": met" : ": missed");
  }

  /** The line as Markdown. */
  String toText() {
    return String.join(
        " | ",
        "| " + name,
        text(ours) + " " + unit,
        beside == null ? "" : besideName + " " + text(beside),
        ratio == null ? "" : text(ratio),
        verdict() + " |");
  }

  /** The line as JSON. */
  String toJson() {
    return "{\"name\": \""
        + name
        + "\", \"unit\": \""
        + unit
        + "\", \"ours\": "
        + json(ours)
        + ", \"besideName\": \""
        + besideName
        + "\", \"beside\": "
        + json(beside)
        + ", \"ratio\": "
        + json(ratio)
        + ", \"verdict\": \""
        + verdict()
        + "\"}";
  }

  private static String text(Spread spread) {
    return spread.count() == 1
        ? brief(spread.median())
        : brief(spread.median()) + " (" + brief(spread.min()) + " to " + brief(spread.max()) + ")";
  }

  private static String json(@Nullable Spread spread) {
    return spread == null
        ? "null"
        : String.format(
            Locale.ROOT,
            "{\"median\": %.4f, \"min\": %.4f, \"max\": %.4f, \"of\": %d}",
            spread.median(),
            spread.min(),
            spread.max(),
            spread.count());
  }

  /** A number with three digits that count, or all before the point. */
  private static String brief(double number) {
    double size = Math.abs(number);
    String format =
        size >= 100 || number == Math.rint(number) ? "%.0f" : size >= 10 ? "%.1f" : "%.2f";
    return String.format(Locale.ROOT, format, number);
  }
}
