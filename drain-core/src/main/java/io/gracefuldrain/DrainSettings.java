package io.gracefuldrain;

import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * The settings of a policy as texts with names, for frameworks that have configuration of their
 * own. Names are such as {@code move-window}; the texts are those of the environment's variables,
 * and so are the errors, but for the name.
 */
public final class DrainSettings {
  private static final SortedMap<String, Setting> BY_NAME = new TreeMap<>();

  static {
    for (Setting setting : Setting.values()) {
      BY_NAME.put(name(setting), setting);
    }
  }

  private DrainSettings() {}

  /** The names of all settings, in alphabetical order. */
  public static Set<String> names() {
    return Collections.unmodifiableSet(BY_NAME.keySet());
  }

  /**
   * The environment variable of a setting: {@code DRAIN_MOVE_WINDOW} is that of {@code
   * move-window}.
   *
   * @throws IllegalArgumentException if there is no setting of this name
   */
  public static String variable(String name) {
    Setting setting = BY_NAME.get(Objects.requireNonNull(name, "name"));
    if (setting == null) {
      throw new IllegalArgumentException(
          "name: " + name + " (expected: one of " + String.join(", ", names()) + ")");
    }
    return setting.variable();
  }

  /**
   * A policy changed by texts. They are compared with each other by {@link #check}, since more
   * changes may follow.
   *
   * @param texts by the names of settings
   * @param naming how errors call a name of these texts
   * @throws IllegalArgumentException if a value is bad, or a name is nearly that of a setting. Any
   *     other name is logged as a warning; it is an error, too, if the setting {@code strict} is on
   */
  public static DrainPolicy read(
      DrainPolicy policy, Map<String, String> texts, UnaryOperator<String> naming) {
    Settings read = policy.settings.read(texts, BY_NAME, named(naming));
    Set<String> known = new TreeSet<>();
    BY_NAME.keySet().forEach(name -> known.add(naming.apply(name)));
    int prefix = naming.apply("pod").length() - "pod".length();
    texts.keySet().stream()
        .filter(name -> !BY_NAME.containsKey(name))
        .sorted()
        .forEach(name -> read.refuseOrWarn(naming.apply(name), known, prefix));
    return new DrainPolicy(read);
  }

  /**
   * Returns if a policy can be used: its settings agree with each other, and its budget fits in its
   * grace period, unless it says to warn only.
   *
   * @param naming how errors call a setting, from its name
   * @throws IllegalArgumentException if not
   */
  public static void check(DrainPolicy policy, UnaryOperator<String> naming) {
    Function<Setting, String> named = named(naming);
    Settings settings = policy.settings.checked(named);
    if (policy.budgetCheck() == DrainPolicy.BudgetCheck.FAIL) {
      settings
          .overBudget(named, named.apply(Setting.GRACE_PERIOD))
          .ifPresent(
              problem -> {
                throw new IllegalArgumentException(problem);
              });
    }
  }

  /**
   * The variables of an environment that begin as ours do and are no settings, in alphabetical
   * order; without those that Kubernetes sets for a Service.
   */
  public static Set<String> unknownVariables(Map<String, String> environment) {
    return Collections.unmodifiableSet(Settings.unknown(environment));
  }

  /**
   * Refuses a name that is nearly a known one, as {@link #read} does, for settings that a framework
   * has besides. Any other name is logged as a warning; it is refused, too, if the policy's setting
   * {@code strict} is on.
   *
   * @param name the unknown name
   * @param known the names that may be meant; they begin with the same letters as {@code drain.pod}
   *     or {@code DRAIN_POD}
   * @throws IllegalArgumentException with both names, if it is refused
   */
  public static void unknown(DrainPolicy policy, String name, Set<String> known) {
    policy.settings.refuseOrWarn(name, known, Setting.PREFIX.length());
  }

  private static Function<Setting, String> named(UnaryOperator<String> naming) {
    return setting -> naming.apply(name(setting));
  }

  private static String name(Setting setting) {
    return setting.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
