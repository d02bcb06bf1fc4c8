package io.gracefuldrain.lab.local;

import io.gracefuldrain.lab.options.DurationOption;
import io.gracefuldrain.lab.options.TextConverter;
import java.time.Duration;
import java.util.Random;

/**
 * The range of delays until the Service follows a change.
 *
 * @param least the shortest delay
 * @param most the longest
 */
record DelayRange(Duration least, Duration most) {
  private static final Duration LIMIT = Duration.ofMinutes(1);

  /** Checks the order of both. */
  DelayRange {
    if (least.compareTo(most) > 0 || most.compareTo(LIMIT) > 0) {
      throw new IllegalArgumentException(
          "'%sms..%sms' (expected: two durations of at most %ss, the shorter one first)"
              .formatted(least.toMillis(), most.toMillis(), LIMIT.toSeconds()));
    }
  }

  /** Reads {@code 500ms..1500ms}, or one duration for both. */
  static DelayRange parse(String text) {
    int dots = text.indexOf("..");
    return dots < 0
        ? new DelayRange(DurationOption.parse(text), DurationOption.parse(text))
        : new DelayRange(
            DurationOption.parse(text.substring(0, dots)),
            DurationOption.parse(text.substring(dots + 2)));
  }

  long drawMillis(Random random) {
    long spread = most.minus(least).toMillis();
    return least.toMillis() + (long) (random.nextDouble() * (spread + 1));
  }

  @Override
  public String toString() {
    return least.toMillis() + "ms.." + most.toMillis() + "ms";
  }

  /** For the command line. */
  static final class Converter extends TextConverter<DelayRange> {
    /** Made by picocli. */
    Converter() {
      super(DelayRange::parse);
    }
  }
}
