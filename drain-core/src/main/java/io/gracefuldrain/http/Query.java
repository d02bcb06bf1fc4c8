package io.gracefuldrain.http;

import io.gracefuldrain.Durations;
import java.math.BigDecimal;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The parameters of a request. A malformed one is refused with its name, value and form. */
final class Query {
  /** That of a request without parameters. */
  static final Query NONE = new Query(Map.of());

  private static final Pattern COUNT = Pattern.compile("\\d{1,9}");
  private static final Pattern FRACTION = Pattern.compile("[01]?\\.\\d{1,9}|[01]");
  private static final Duration LONGEST = Duration.ofDays(1);
  private static final int SHOWN = 100;

  private final Map<String, String> values;

  private Query(Map<String, String> values) {
    this.values = values;
  }

  /** Reads the part of a URL after the question mark, percent-encoded as it came. */
  static Query parse(@Nullable String raw, Set<String> known) {
    Map<String, String> values = new HashMap<>();
    if (raw != null && !raw.isEmpty()) {
      for (String pair : raw.split("&", -1)) {
        int equals = pair.indexOf('=');
        String name = decode(equals < 0 ? pair : pair.substring(0, equals));
        String value = equals < 0 ? "" : decode(pair.substring(equals + 1));
        if (!known.contains(name)) {
          throw Refusal.badRequest(
              "query parameter: " + shown(name) + " (expected: " + oneOf(known) + ")");
        }
        if (values.put(name, value) != null) {
          throw Refusal.badRequest(name + ": given twice (expected: once)");
        }
      }
    }
    return new Query(values);
  }

  private static String decode(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw Refusal.badRequest("query: " + shown(text) + " (expected: percent-encoded UTF-8)");
    }
  }

  private static String oneOf(Set<String> known) {
    return known.isEmpty() ? "none" : String.join(" or ", new TreeSet<>(known));
  }

  static String shown(String text) {
    String clipped = text.length() > SHOWN ? text.substring(0, SHOWN) + "..." : text;
    return clipped.isBlank() ? "'" + clipped + "'" : clipped;
  }

  private static Refusal bad(String name, String value, String expected) {
    return Refusal.badRequest(name + ": " + shown(value) + " (expected: " + expected + ")");
  }

  boolean has(String name) {
    return values.containsKey(name);
  }

  Optional<Duration> duration(String name) {
    String value = values.get(name);
    if (value == null) {
      return Optional.empty();
    }
    Duration duration;
    try {
      duration = Durations.parse(value);
    } catch (IllegalArgumentException e) {
      throw Refusal.badRequest(name + ": " + e.getMessage());
    }
    if (duration.compareTo(LONGEST) > 0) {
      throw bad(name, value, "<= 24h");
    }
    return Optional.of(duration);
  }

  String text(String name) {
    return values.getOrDefault(name, "");
  }

  boolean flag(String name) {
    String value = values.getOrDefault(name, "false");
    if (!value.equals("true") && !value.equals("false")) {
      throw bad(name, value, "true or false");
    }
    return value.equals("true");
  }

  /** Whether an answer is wanted as a line for people, and not as JSON. */
  boolean asText() {
    String value = values.getOrDefault("format", "json");
    if (!value.equals("text") && !value.equals("json")) {
      throw bad("format", value, "json or text");
    }
    return value.equals("text");
  }

  int count(String name) {
    String value = values.getOrDefault(name, "");
    if (!COUNT.matcher(value).matches() || Integer.parseInt(value) < 1) {
      throw bad(name, value, "a whole number from 1 to 999999999");
    }
    return Integer.parseInt(value);
  }

  /** Exact, so that a tenth of thirty is three. */
  BigDecimal fraction(String name) {
    String value = values.getOrDefault(name, "");
    if (FRACTION.matcher(value).matches()) {
      BigDecimal fraction = new BigDecimal(value);
      if (fraction.signum() > 0 && fraction.compareTo(BigDecimal.ONE) <= 0) {
        return fraction;
      }
    }
    throw bad(name, value, "a number over 0 and up to 1, such as 0.25");
  }
}
