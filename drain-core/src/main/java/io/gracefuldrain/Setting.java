package io.gracefuldrain;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Every setting: its name in code and in the environment, its form and its default. */
enum Setting {
  READINESS_DELAY_MIN(Duration.class, Duration.ofSeconds(2), Durations::parse),
  READINESS_DELAY_MAX(Duration.class, Duration.ofSeconds(5), Durations::parse),
  MOVE_WINDOW(Duration.class, Duration.ofSeconds(10), Durations::parse),
  HINT_GRACE(Duration.class, Duration.ofSeconds(2), Durations::parse),
  SETTLE_GRACE(Duration.class, Duration.ofSeconds(5), Durations::parse),
  FORCE_TIMEOUT(Duration.class, Duration.ofSeconds(1), Durations::parse),
  LINGER(Duration.class, Duration.ZERO, Durations::parse),
  STOP_MARGIN(Duration.class, Duration.ofSeconds(6), Durations::parse),
  GRACE_PERIOD(Duration.class, Duration.ofSeconds(30), Durations::parse),
  HOOK_RESET(Duration.class, Duration.ofSeconds(10), Durations::parse),
  WARM_UP(Duration.class, Duration.ZERO, Durations::parse),
  CRASH_RATE(Integer.class, 500, Setting::wholeNumber),
  PACING(Pacing.class, Pacing.even(), Pacing::parse),
  PACING_LOOP(
      DrainPolicy.PacingLoop.class,
      DrainPolicy.PacingLoop.OPEN,
      oneOf(DrainPolicy.PacingLoop.class)),
  READINESS(
      DrainPolicy.Readiness.class, DrainPolicy.Readiness.AUTO, oneOf(DrainPolicy.Readiness.class)),
  HANDSHAKES(
      DrainPolicy.Handshakes.class,
      DrainPolicy.Handshakes.REFUSE,
      oneOf(DrainPolicy.Handshakes.class)),
  BUDGET_CHECK(
      DrainPolicy.BudgetCheck.class,
      DrainPolicy.BudgetCheck.FAIL,
      oneOf(DrainPolicy.BudgetCheck.class)),
  /** Only for the environment: whether names that are no settings are errors. */
  STRICT(Boolean.class, false, Setting::yesOrNo),
  RECEIPT(DrainPolicy.Receipt.class, DrainPolicy.Receipt.STDOUT, oneOf(DrainPolicy.Receipt.class)),
  GOODBYE(Goodbye.class, Goodbye.FIN, oneOf(Goodbye.class)),
  AFFINITY_COOKIE(Optional.class, Optional.empty(), Setting::cookies),
  RECONNECT_URL(Optional.class, Optional.empty(), Setting::url),
  TERMINATION_LOG(Optional.class, Optional.of("/dev/termination-log"), Setting::file),
  HANDOVER(
      DrainPolicy.Handover.class, DrainPolicy.Handover.AUTO, oneOf(DrainPolicy.Handover.class)),
  HANDOVER_TIMEOUT(Duration.class, Duration.ofMillis(800), Durations::parse),
  HANDOVER_SESSION_BYTES(Integer.class, 1_000_000, Setting::wholeNumber),
  HANDOVER_POD_BYTES(Integer.class, 64_000_000, Setting::wholeNumber),
  /** 0: that of the server with the endpoints. */
  HANDOVER_PORT(Integer.class, 0, Setting::wholeNumber),
  POD_IP(Optional.class, Optional.empty(), Setting::address),
  PEERS(
      Optional.class,
      Optional.of("10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,100.64.0.0/10,fc00::/7"),
      Setting::ranges),
  TICKET_KEY(Optional.class, Optional.empty(), Setting::keys),
  HOOK_HEADER(Optional.class, Optional.empty(), Setting::header),
  POD(String.class, "", Setting::label),
  GENERATION(String.class, "unknown", Setting::generation),
  ADMIN_TOKEN(Optional.class, Optional.empty(), Setting::token);

  static final String PREFIX = "DRAIN_";
  private static final int LEAST_KEY = 32;
  private static final Pattern HEADER =
      Pattern.compile("\\s*([A-Za-z0-9_-]+):\\s*([!-~]([ -~]*[!-~])?)\\s*");
  private static final Pattern COOKIE = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
  private static final Pattern URL = Pattern.compile("(https?|wss?)://[^\\s/?#]+\\S*");

  private final Class<?> type;

  @SuppressWarnings("ImmutableEnumChecker") // durations, words, optional texts: all immutable
  private final Object defaultValue;

  @SuppressWarnings("ImmutableEnumChecker") // a function of its text alone
  private final Function<String, Object> parser;

  Setting(Class<?> type, Object defaultValue, Function<String, Object> parser) {
    this.type = type;
    this.defaultValue = defaultValue;
    this.parser = parser;
  }

  Object defaultValue() {
    return this == POD ? HostName.VALUE : defaultValue;
  }

  /** The least value of a duration. Without time to stop, to wait or to ask, some would do harm. */
  Duration least() {
    return switch (this) {
      case STOP_MARGIN, HOOK_RESET -> Duration.ofSeconds(1);
      case HANDOVER_TIMEOUT -> Duration.ofMillis(50);
      default -> Duration.ZERO;
    };
  }

  /** The largest value of a number; the least is 0. */
  int most() {
    return this == HANDOVER_PORT ? 65_535 : Integer.MAX_VALUE;
  }

  /** Whether its value is not to be shown. */
  boolean secret() {
    return this == ADMIN_TOKEN || this == HOOK_HEADER || this == TICKET_KEY;
  }

  Class<?> type() {
    return type;
  }

  boolean duration() {
    return type == Duration.class;
  }

  /** The environment variable, as {@code DRAIN_MOVE_WINDOW}. */
  String variable() {
    return PREFIX + name();
  }

  /** The name in code, as {@code moveWindow}. */
  String property() {
    StringBuilder property = new StringBuilder();
    for (String word : name().split("_", -1)) {
      String lower = word.toLowerCase(Locale.ROOT);
      property.append(
          property.isEmpty() ? lower : Character.toUpperCase(lower.charAt(0)) + lower.substring(1));
    }
    return property.toString();
  }

  /** Reads a value; an error calls it by the given name. */
  Object parse(String name, String text) {
    try {
      return parser.apply(Objects.requireNonNull(text, name));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(name + ": " + e.getMessage(), e);
    }
  }

  private static <E extends Enum<E>> Function<String, Object> oneOf(Class<E> type) {
    return text -> {
      for (E constant : type.getEnumConstants()) {
        if (constant.name().equalsIgnoreCase(text.trim())) {
          return constant;
        }
      }
      StringBuilder expected = new StringBuilder();
      for (E constant : type.getEnumConstants()) {
        expected
            .append(expected.isEmpty() ? "" : " or ")
            .append(constant.name().toLowerCase(Locale.ROOT));
      }
      throw new IllegalArgumentException(text + " (expected: " + expected + ")");
    };
  }

  private static Object wholeNumber(String text) {
    try {
      return Integer.valueOf(text.trim());
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          text + " (expected: a whole number, at most " + Integer.MAX_VALUE + ")", e);
    }
  }

  // The error does not show it: an almost right secret is still a secret.
  private static Object token(String text) {
    String token = text.trim();
    for (int i = 0; i < token.length(); i++) {
      if (token.charAt(i) <= ' ' || token.charAt(i) > '~') {
        throw new IllegalArgumentException(
            "character "
                + (i + 1)
                + " of "
                + token.length()
                + " is one that a header cannot carry (expected: visible ASCII, no spaces)");
      }
    }
    return token.isEmpty() ? Optional.empty() : Optional.of(token);
  }

  // The error does not show it either: its value is a secret.
  private static Object header(String text) {
    if (text.isBlank()) {
      return Optional.empty();
    }
    Matcher header = HEADER.matcher(text);
    if (!header.matches()) {
      throw new IllegalArgumentException(
          "no header (expected: a name, a colon, and a value of visible ASCII)");
    }
    return Optional.of(header.group(1) + ":" + header.group(2));
  }

  // Nor does this one. The first key makes, both are valid: so a key can be changed.
  private static Object keys(String text) {
    if (text.isBlank()) {
      return Optional.empty();
    }
    List<String> keys = Arrays.stream(text.split(",", -1)).map(String::trim).toList();
    if (keys.size() > 2) {
      throw new IllegalArgumentException(
          keys.size() + " keys (expected: one, or two with a comma between them)");
    }
    for (int i = 0; i < keys.size(); i++) {
      if (keys.get(i).length() < LEAST_KEY) {
        throw new IllegalArgumentException(
            "key "
                + (i + 1)
                + " has "
                + keys.get(i).length()
                + " characters (expected: at least "
                + LEAST_KEY
                + ")");
      }
    }
    return Optional.of(String.join(",", keys));
  }

  private static Object address(String text) {
    return text.isBlank()
        ? Optional.empty()
        : Optional.of(AddressRanges.address(text.trim()).getHostAddress());
  }

  private static Object ranges(String text) {
    if (text.isBlank()) {
      return Optional.empty();
    }
    AddressRanges.parse(text);
    return Optional.of(text.trim());
  }

  /** Names of cookies, with a comma between them. */
  private static Object cookies(String text) {
    if (text.isBlank()) {
      return Optional.empty();
    }
    List<String> names = Arrays.stream(text.split(",", -1)).map(String::trim).toList();
    if (!names.stream().allMatch(name -> COOKIE.matcher(name).matches())) {
      throw new IllegalArgumentException(
          text + " (expected: names of cookies, such as route or route,SERVERID)");
    }
    return Optional.of(String.join(",", names));
  }

  private static Object file(String text) {
    if (text.isBlank()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Path.of(text.trim()).toString());
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException(text + " (expected: the path of a file)", e);
    }
  }

  private static Object url(String text) {
    if (text.isBlank()) {
      return Optional.empty();
    }
    String trimmed = text.trim();
    if (!URL.matcher(trimmed).matches()) {
      throw new IllegalArgumentException(text + " (expected: an http, https, ws or wss address)");
    }
    return Optional.of(trimmed);
  }

  private static Object yesOrNo(String text) {
    return switch (text.trim().toLowerCase(Locale.ROOT)) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException(text + " (expected: true or false)");
    };
  }

  // A variable of a template that nobody filled in is blank.
  private static Object generation(String text) {
    return text.isBlank() ? GENERATION.defaultValue : label(text);
  }

  // Tickets and one-line reports allow no line breaks.
  private static Object label(String text) {
    if (text.isBlank() || text.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException("'" + text + "' (expected: a name on one line)");
    }
    return text.trim();
  }

  /** The name of this machine: asked once, and only if no other is set, since DNS may take long. */
  private static final class HostName {
    static final String VALUE = find();

    private static String find() {
      String pod = System.getenv("HOSTNAME");
      if (pod != null && !pod.isBlank()) {
        return pod;
      }
      try {
        return InetAddress.getLocalHost().getHostName();
      } catch (UnknownHostException e) {
        return "localhost";
      }
    }
  }
}
