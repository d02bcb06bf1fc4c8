package io.gracefuldrain.spring;

import io.gracefuldrain.DrainPolicy;
import io.gracefuldrain.DrainSettings;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.PropertySourcesPlaceholdersResolver;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.boot.origin.Origin;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;

/**
 * Reads the policy: the defaults, changed by the properties {@code drain.*}, then by customizers,
 * then by the environment's variables {@code DRAIN_*}. The texts of both are read by the core, so
 * they mean the same. An error names what the user has written.
 */
final class PolicyReader {
  /** The names below {@code drain} that are no settings of the policy but groups, or switches. */
  static final Set<String> GROUPS =
      Set.of(
          "enabled",
          "signals",
          "socketio",
          "http",
          "filter",
          "tasks",
          "metrics",
          "events",
          "availability");

  static final String PREFIX = "drain.";

  private static final String VARIABLES = "DRAIN_";

  private static final ConfigurationPropertyName ROOT = ConfigurationPropertyName.of("drain");

  private final ConfigurableEnvironment environment;
  private final Map<String, String> variables;

  // Without the variables of the environment, which the core reads itself.
  private final List<ConfigurationPropertySource> sources = new ArrayList<>();

  PolicyReader(ConfigurableEnvironment environment) {
    this.environment = environment;
    this.variables = variables(environment);
    for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
      if (!ofSystem(source)) {
        sources.add(source);
      }
    }
  }

  /**
   * The policy of this environment.
   *
   * @throws DrainStartException if a setting is wrong
   */
  DrainPolicy read(Iterable<DrainCustomizer> customizers) {
    DrainPolicy policy = withProperties(DrainPolicy.defaults());
    for (DrainCustomizer customizer : customizers) {
      policy = customizer.customize(policy);
    }
    return withVariables(policy);
  }

  // ---------------------------------------------------------------- drain.*

  private DrainPolicy withProperties(DrainPolicy policy) {
    Map<String, String> texts = new TreeMap<>(unknown());
    Binder binder = new Binder(sources, new PropertySourcesPlaceholdersResolver(environment));
    for (String name : DrainSettings.names()) {
      String text = property(binder, PREFIX + name);
      if (text != null) {
        texts.put(name, text);
      }
    }
    try {
      return DrainSettings.read(policy, texts, name -> PREFIX + name);
    } catch (IllegalArgumentException e) {
      throw invalid(e);
    }
  }

  /** A property as the core reads it; a list becomes one text with commas. */
  private static @Nullable String property(Binder binder, String name) {
    return binder
        .bind(name, Bindable.of(String.class))
        .orElseGet(
            () ->
                binder
                    .bind(name, Bindable.listOf(String.class))
                    .map(list -> String.join(",", list))
                    .orElse(null));
  }

  /** Names below {@code drain} that nobody knows, with their values; not the environment's. */
  private Map<String, String> unknown() {
    Map<String, String> unknown = new LinkedHashMap<>();
    Set<String> known = new HashSet<>();
    DrainSettings.names().forEach(name -> known.add(uniform(name)));
    GROUPS.forEach(name -> known.add(uniform(name)));
    for (ConfigurationPropertySource source : sources) {
      if (source instanceof IterableConfigurationPropertySource names) {
        names.stream()
            .filter(ROOT::isAncestorOf)
            .map(name -> name.getElement(1, Form.DASHED))
            .filter(name -> !known.contains(uniform(name)))
            .forEach(name -> unknown.put(name, ""));
      }
    }
    return unknown;
  }

  private static boolean ofSystem(ConfigurationPropertySource source) {
    return source.getUnderlyingSource() instanceof PropertySource<?> underlying
        && underlying
            .getName()
            .endsWith(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME);
  }

  private static String uniform(String name) {
    return name.replace("-", "").toLowerCase(Locale.ROOT);
  }

  // ---------------------------------------------------------------- DRAIN_*

  private DrainPolicy withVariables(DrainPolicy policy) {
    Map<String, String> texts = new TreeMap<>();
    for (String name : DrainSettings.names()) {
      String text = variables.get(DrainSettings.variable(name));
      if (text != null) {
        texts.put(name, text);
      }
    }
    try {
      // Two that contradict each other are called as they were written. Then the rest: unknown
      // ones.
      DrainSettings.check(
          DrainSettings.read(policy, texts, DrainSettings::variable), this::written);
      return policy.overriddenBy(variables);
    } catch (IllegalArgumentException e) {
      throw invalid(e);
    }
  }

  /** A setting's name where it has its value from: a variable, or a property. */
  private String written(String name) {
    String variable = DrainSettings.variable(name);
    return variables.containsKey(variable) ? variable : PREFIX + name;
  }

  /** Our variables, without those of groups, which are properties of this module alone. */
  private static Map<String, String> variables(ConfigurableEnvironment environment) {
    PropertySource<?> source =
        environment
            .getPropertySources()
            .get(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME);
    Map<?, ?> all =
        source != null && source.getSource() instanceof Map<?, ?> map
            ? map
            : environment.getSystemEnvironment();
    Map<String, String> ours = new TreeMap<>();
    all.forEach(
        (name, value) -> {
          String text = String.valueOf(name);
          if (text.startsWith(VARIABLES) && !ofGroup(text.substring(VARIABLES.length()))) {
            ours.put(text, String.valueOf(value));
          }
        });
    return ours;
  }

  private static boolean ofGroup(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return GROUPS.stream().anyMatch(group -> lower.equals(group) || lower.startsWith(group + "_"));
  }

  // ---------------------------------------------------------------- errors

  private DrainStartException invalid(IllegalArgumentException e) {
    String message = String.valueOf(e.getMessage());
    StringBuilder where = new StringBuilder();
    for (String name : DrainSettings.names()) {
      if (message.startsWith(PREFIX + name + ":")) {
        Origin origin = origin(name);
        where.append(origin == null ? "" : " It was set in " + origin + ".");
      }
    }
    return new DrainStartException(
        "A setting of the drain is wrong: " + message + "." + where,
        "Change it to what was expected. docs/settings.md lists every setting; the properties "
            + PREFIX
            + "* and the environment's variables "
            + VARIABLES
            + "* read the same texts.",
        e);
  }

  private @Nullable Origin origin(String name) {
    ConfigurationPropertyName property = ConfigurationPropertyName.of(PREFIX + name);
    for (ConfigurationPropertySource source : sources) {
      ConfigurationProperty found = source.getConfigurationProperty(property);
      if (found != null) {
        return found.getOrigin();
      }
    }
    return null;
  }
}
