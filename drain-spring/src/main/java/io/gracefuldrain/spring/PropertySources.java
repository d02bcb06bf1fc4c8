package io.gracefuldrain.spring;

import io.gracefuldrain.DrainSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.PropertySourcesPlaceholdersResolver;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.origin.Origin;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;

/**
 * Where properties {@code drain.*} come from, and variables {@code DRAIN_*}, apart: those of the
 * policy's settings are read by the core. Immutable.
 */
final class PropertySources {
  static final String PREFIX = "drain.";
  static final String VARIABLES = "DRAIN_";

  private final ConfigurableEnvironment environment;
  private final Map<String, String> variables;
  private final List<ConfigurationPropertySource> sources;

  PropertySources(ConfigurableEnvironment environment) {
    this.environment = environment;
    this.variables = variables(environment);
    List<ConfigurationPropertySource> others = new ArrayList<>();
    for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
      if (!ofSystem(source)) {
        others.add(source);
      }
    }
    this.sources = List.copyOf(others);
  }

  /** All but the environment's variables. */
  List<ConfigurationPropertySource> withoutVariables() {
    return sources;
  }

  /** The environment's variables with our prefix. */
  Map<String, String> variables() {
    return variables;
  }

  /** Whether unknown names are errors. */
  boolean strict() {
    String variable = variables.get(DrainSettings.variable("strict"));
    return Boolean.parseBoolean(variable == null ? text("strict") : variable);
  }

  /**
   * The text of a property as the core reads it, or null; a list becomes one text with commas.
   *
   * @param name without the prefix
   */
  @Nullable String text(String name) {
    Binder binder = new Binder(sources, new PropertySourcesPlaceholdersResolver(environment));
    return binder
        .bind(PREFIX + name, Bindable.of(String.class))
        .orElseGet(
            () ->
                binder
                    .bind(PREFIX + name, Bindable.listOf(String.class))
                    .map(list -> String.join(",", list))
                    .orElse(null));
  }

  /** Whether a property is set, be it by a variable. */
  boolean has(String name) {
    ConfigurationPropertyName property = ConfigurationPropertyName.of(PREFIX + name);
    for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
      if (source.getConfigurationProperty(property) != null) {
        return true;
      }
    }
    return false;
  }

  /** Where a property was set, if that is known. */
  @Nullable Origin origin(String name) {
    ConfigurationPropertyName property = ConfigurationPropertyName.of(PREFIX + name);
    for (ConfigurationPropertySource source : sources) {
      ConfigurationProperty found = source.getConfigurationProperty(property);
      if (found != null) {
        return found.getOrigin();
      }
    }
    return null;
  }

  private static boolean ofSystem(ConfigurationPropertySource source) {
    return source.getUnderlyingSource() instanceof PropertySource<?> underlying
        && underlying
            .getName()
            .endsWith(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME);
  }

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
          if (String.valueOf(name).startsWith(VARIABLES)) {
            ours.put(String.valueOf(name), String.valueOf(value));
          }
        });
    return ours;
  }
}
