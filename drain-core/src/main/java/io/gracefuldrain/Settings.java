package io.gracefuldrain;

import java.time.Duration;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The values of all settings, immutable. Each is valid alone; {@link #checked} says whether they
 * are valid together.
 */
final class Settings {
  static final Settings DEFAULTS = new Settings(new EnumMap<>(Setting.class));

  // Variables that Kubernetes sets for each Service whose name begins with "drain".
  private static final Pattern SERVICE_NUMBER =
      Pattern.compile(
          "DRAIN(_[A-Z0-9_]+)?_(SERVICE_PORT(_[A-Z0-9_]+)?|PORT_\\d+_(TCP|UDP|SCTP)_PORT)");
  private static final Pattern SERVICE_TEXT =
      Pattern.compile("DRAIN(_[A-Z0-9_]+)?_(SERVICE_HOST|PORT_\\d+_(TCP|UDP|SCTP)_(PROTO|ADDR))");
  private static final Pattern SERVICE_ADDRESS =
      Pattern.compile("DRAIN(_[A-Z0-9_]+)?_PORT(_\\d+_(TCP|UDP|SCTP))?");

  private static final Logger LOG = LoggerFactory.getLogger(DrainPolicy.class);

  private static final SortedMap<String, Setting> BY_VARIABLE =
      new TreeMap<>(
          Stream.of(Setting.values())
              .collect(Collectors.toMap(Setting::variable, Function.identity())));

  // In a name as short as POD two edits make another word, as in PORT, and no typing error.
  private static final int SHORT = 4;

  // A setting that is not in it has its default: see get.
  private final EnumMap<Setting, Object> values;

  private Settings(EnumMap<Setting, Object> values) {
    this.values = values;
  }

  // ---------------------------------------------------------------- what is valid

  /** Refuses a value that no other setting can make right. */
  private void checkAlone(Setting setting, Function<Setting, String> naming) {
    if (setting.duration()) {
      Duration least = setting.least();
      if (duration(setting).compareTo(least) < 0) {
        throw invalid(naming, setting, least.isZero() ? ">= 0" : ">= " + Durations.format(least));
      }
      if (duration(setting).compareTo(Duration.ofDays(1)) > 0) {
        throw invalid(naming, setting, "<= 24h");
      }
    } else if (setting.type() == Integer.class
        && (number(setting) < 0 || number(setting) > setting.most())) {
      throw new IllegalArgumentException(
          naming.apply(setting)
              + ": "
              + number(setting)
              + (number(setting) < 0
                  ? " (expected: >= 0)"
                  : " (expected: <= " + setting.most() + ")"));
    }
  }

  /**
   * These settings, once it is certain that they are valid together.
   *
   * @throws IllegalArgumentException if they are not
   */
  Settings checked() {
    return checked(Setting::property);
  }

  /**
   * The same.
   *
   * @param naming how errors call a setting: as its source does
   */
  Settings checked(Function<Setting, String> naming) {
    atMost(naming, Setting.READINESS_DELAY_MIN, Setting.READINESS_DELAY_MAX);
    atMost(naming, Setting.HINT_GRACE, Setting.MOVE_WINDOW);
    return this;
  }

  private void atMost(Function<Setting, String> naming, Setting smaller, Setting larger) {
    if (duration(smaller).compareTo(duration(larger)) > 0) {
      throw invalid(naming, smaller, "<= " + naming.apply(larger) + ", which is " + shown(larger));
    }
  }

  private IllegalArgumentException invalid(
      Function<Setting, String> naming, Setting setting, String expected) {
    return new IllegalArgumentException(
        naming.apply(setting) + ": " + shown(setting) + " (expected: " + expected + ")");
  }

  /** A duration as errors show it, which may be the default. */
  private String shown(Setting setting) {
    Duration value = duration(setting);
    long nanos = Durations.nanos(value);
    boolean exact = nanos >= 0 && nanos < Long.MAX_VALUE && nanos % 1_000_000 == 0;
    String text = exact ? Durations.format(value) : value.toString();
    return values.containsKey(setting) ? text : text + ", the default";
  }

  /** As {@link DrainPolicy#overriddenBy}. */
  Settings overriddenBy(Map<String, String> environment) {
    Settings read = read(environment, BY_VARIABLE, Setting::variable);
    unknown(environment)
        .forEach(name -> read.refuseOrWarn(name, BY_VARIABLE.keySet(), Setting.PREFIX.length()));
    return read.checked(Setting::variable);
  }

  /** As {@link DrainSettings#unknownVariables}. */
  static SortedSet<String> unknown(Map<String, String> environment) {
    return environment.entrySet().stream()
        .filter(each -> each.getKey().startsWith(Setting.PREFIX))
        .filter(each -> !BY_VARIABLE.containsKey(each.getKey()))
        .filter(each -> !ofService(each.getKey(), each.getValue()))
        .map(Map.Entry::getKey)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /**
   * These settings, changed by those texts that have the name of a setting. They need not be valid
   * together.
   *
   * @param names the settings by name
   * @param naming how errors call a setting
   */
  Settings read(
      Map<String, String> texts, Map<String, Setting> names, Function<Setting, String> naming) {
    EnumMap<Setting, Object> changed = new EnumMap<>(values);
    texts.forEach(
        (name, text) -> {
          Setting setting = names.get(name);
          if (setting != null) {
            changed.put(setting, setting.parse(naming.apply(setting), text));
          }
        });
    Settings read = new Settings(changed);
    for (Setting setting : Setting.values()) {
      read.checkAlone(setting, naming);
    }
    return read;
  }

  /**
   * A name that is no setting may belong to the application, or to a newer version of this library
   * that was rolled back. One that is nearly a setting is a typing error.
   *
   * @param prefix how many letters all known names begin with
   */
  void refuseOrWarn(String name, Set<String> known, int prefix) {
    Optional<String> meant = meant(name, known, prefix);
    String problem =
        name + ": no such setting" + meant.map(s -> "; is " + s + " meant?").orElse("");
    if (meant.isPresent() || get(Setting.STRICT).equals(true)) {
      throw new IllegalArgumentException(
          problem + " (expected: one of " + String.join(", ", known) + ")");
    }
    LOG.warn("DRAIN-035 {}; it is ignored", problem);
  }

  /** The known name closest to this one, if it is close; whether in capitals does not matter. */
  private static Optional<String> meant(String name, Set<String> names, int prefix) {
    String upper = name.toUpperCase(Locale.ROOT);
    ToIntFunction<String> edits = known -> edits(upper, known.toUpperCase(Locale.ROOT));
    return names.stream()
        .filter(known -> edits.applyAsInt(known) <= (known.length() <= prefix + SHORT ? 1 : 2))
        .min(Comparator.comparingInt(edits));
  }

  /**
   * How many letters must be inserted, deleted or changed, or swapped with the next one, to turn
   * one text into the other.
   */
  private static int edits(String from, String to) {
    int[][] edits = new int[from.length() + 1][to.length() + 1];
    for (int i = 0; i <= from.length(); i++) {
      for (int j = 0; j <= to.length(); j++) {
        if (i == 0 || j == 0) {
          edits[i][j] = i + j;
          continue;
        }
        boolean same = from.charAt(i - 1) == to.charAt(j - 1);
        int least = Math.min(edits[i - 1][j], edits[i][j - 1]) + 1;
        least = Math.min(least, edits[i - 1][j - 1] + (same ? 0 : 1));
        if (i > 1
            && j > 1
            && from.charAt(i - 1) == to.charAt(j - 2)
            && from.charAt(i - 2) == to.charAt(j - 1)) {
          least = Math.min(least, edits[i - 2][j - 2] + 1);
        }
        edits[i][j] = least;
      }
    }
    return edits[from.length()][to.length()];
  }

  /**
   * Whether a variable is one of Kubernetes' own. The value counts too: the name alone might be a
   * typing error.
   */
  private static boolean ofService(String name, String value) {
    return SERVICE_TEXT.matcher(name).matches()
        || (SERVICE_NUMBER.matcher(name).matches() && value.matches("\\d{1,5}"))
        || (SERVICE_ADDRESS.matcher(name).matches() && value.matches("(tcp|udp|sctp)://.+"));
  }

  Settings with(Setting setting, Object value) {
    EnumMap<Setting, Object> changed = new EnumMap<>(values);
    changed.put(setting, Objects.requireNonNull(value, setting.property()));
    Settings settings = new Settings(changed);
    settings.checkAlone(setting, Setting::property);
    return settings;
  }

  // ---------------------------------------------------------------- the budget

  /**
   * How long each part of a drain may take. At least half of the move window is for its slots,
   * however long the hint grace: otherwise everybody would go at once.
   *
   * @throws IllegalArgumentException if the settings are not valid together
   */
  Budget budget() {
    checked();
    return new Budget(
        nanos(Setting.READINESS_DELAY_MIN),
        nanos(Setting.READINESS_DELAY_MAX),
        nanos(Setting.MOVE_WINDOW),
        Math.min(nanos(Setting.HINT_GRACE), nanos(Setting.MOVE_WINDOW) / 2),
        nanos(Setting.SETTLE_GRACE),
        nanos(Setting.FORCE_TIMEOUT),
        nanos(Setting.LINGER));
  }

  private long nanos(Setting setting) {
    return duration(setting).toNanos();
  }

  Settings with(Budget budget) {
    return with(Setting.READINESS_DELAY_MIN, Duration.ofNanos(budget.readinessMin()))
        .with(Setting.READINESS_DELAY_MAX, Duration.ofNanos(budget.readinessDelay()))
        .with(Setting.MOVE_WINDOW, Duration.ofNanos(budget.moveWindow()))
        .with(Setting.HINT_GRACE, Duration.ofNanos(budget.hintGrace()))
        .with(Setting.SETTLE_GRACE, Duration.ofNanos(budget.settleGrace()))
        .with(Setting.FORCE_TIMEOUT, Duration.ofNanos(budget.forceTimeout()))
        .with(Setting.LINGER, Duration.ofNanos(budget.linger()));
  }

  /** As {@link DrainPolicy#overBudget()}. */
  Optional<String> overBudget() {
    return overBudget(Setting::property, Setting.GRACE_PERIOD.variable());
  }

  /**
   * The same.
   *
   * @param naming how the error calls a setting
   * @param raise what it asks to raise
   */
  Optional<String> overBudget(Function<Setting, String> naming, String raise) {
    Duration needed = Duration.ofNanos(budget().total()).plus(duration(Setting.STOP_MARGIN));
    if (needed.compareTo(duration(Setting.GRACE_PERIOD)) <= 0) {
      return Optional.empty();
    }
    return Optional.of(
        naming.apply(Setting.GRACE_PERIOD)
            + ": "
            + formatted(Setting.GRACE_PERIOD)
            + " (expected: >= "
            + Durations.format(needed)
            + " = "
            + Stream.of(
                    Setting.READINESS_DELAY_MAX,
                    Setting.MOVE_WINDOW,
                    Setting.SETTLE_GRACE,
                    Setting.FORCE_TIMEOUT,
                    Setting.LINGER,
                    Setting.STOP_MARGIN)
                .map(part -> naming.apply(part) + " " + formatted(part))
                .collect(Collectors.joining(" + "))
            + "); raise "
            + raise
            + " with the pod's terminationGracePeriodSeconds, or lower one of the parts");
  }

  private String formatted(Setting setting) {
    return Durations.format(duration(setting));
  }

  // ---------------------------------------------------------------- single values

  /** A value, or its default, which is never more than the setting that bounds it. */
  Object get(Setting setting) {
    Object value = values.get(setting);
    if (value != null) {
      return value;
    }
    return switch (setting) {
      case READINESS_DELAY_MIN -> shorter(setting, duration(Setting.READINESS_DELAY_MAX));
      case HINT_GRACE -> shorter(setting, half(Setting.MOVE_WINDOW));
      default -> setting.defaultValue();
    };
  }

  private static Duration shorter(Setting setting, Duration most) {
    Duration value = (Duration) setting.defaultValue();
    return value.compareTo(most) < 0 ? value : most;
  }

  private Duration half(Setting setting) {
    return duration(setting).dividedBy(2);
  }

  int number(Setting setting) {
    return (Integer) get(setting);
  }

  Duration duration(Setting setting) {
    return (Duration) get(setting);
  }

  @SuppressWarnings("unchecked") // Setting gives an Optional<String> if its type is Optional
  Optional<String> text(Setting setting) {
    return (Optional<String>) get(setting);
  }

  /** The names in a text. */
  List<String> names(Setting setting) {
    return text(setting).map(names -> List.of(names.split(",", -1))).orElse(List.of());
  }

  @Override
  public boolean equals(Object other) {
    if (!(other instanceof Settings that)) {
      return false;
    }
    for (Setting setting : Setting.values()) {
      if (!get(setting).equals(that.get(setting))) {
        return false;
      }
    }
    return true;
  }

  @Override
  public int hashCode() {
    int hash = 0;
    for (Setting setting : Setting.values()) {
      hash = 31 * hash + get(setting).hashCode();
    }
    return hash;
  }

  /** Every setting with its value, without the secrets. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("[");
    for (Setting setting : Setting.values()) {
      Object value = get(setting);
      if (value instanceof Duration duration) {
        value = Durations.format(duration);
      } else if (setting.secret()) {
        value = text(setting).isPresent() ? "set" : "none";
      } else if (value instanceof Optional<?> optional) {
        value = optional.isPresent() ? optional.get() : "none";
      }
      text.append(setting.property()).append('=').append(value).append(", ");
    }
    text.setLength(text.length() - ", ".length());
    return text.append(']').toString();
  }
}
