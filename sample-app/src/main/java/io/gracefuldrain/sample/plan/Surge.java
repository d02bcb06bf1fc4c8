package io.gracefuldrain.sample.plan;

import io.gracefuldrain.lab.options.TextConverter;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A maxSurge: a number of pods, or a share of those wanted, rounded up as Kubernetes does.
 *
 * @param text as it was typed
 */
record Surge(String text, int number, boolean percent) {
  private static final Pattern FORM = Pattern.compile("(\\d{1,4})(%?)");

  static Surge parse(String text) {
    Matcher matcher = FORM.matcher(text);
    int number = matcher.matches() ? Integer.parseInt(matcher.group(1)) : 0;
    if (number < 1) {
      throw new IllegalArgumentException(
          "'" + text + "' (expected: a number of pods, or a share such as 25%, more than zero)");
    }
    return new Surge(text, number, matcher.group(2).equals("%"));
  }

  /** How many pods it is, of so many. */
  int of(int pods) {
    int surge = percent ? (int) (((long) pods * number + 99) / 100) : number;
    return Math.min(pods, surge);
  }

  /** Reads one on the command line. */
  static final class Converter extends TextConverter<Surge> {
    /** Made by picocli. */
    Converter() {
      super(Surge::parse);
    }
  }
}
