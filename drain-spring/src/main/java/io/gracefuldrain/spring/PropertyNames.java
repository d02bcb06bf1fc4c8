package io.gracefuldrain.spring;

import io.gracefuldrain.DrainPolicy;
import io.gracefuldrain.DrainSettings;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.boot.origin.Origin;

/**
 * Tells of names that are nearly those of properties {@code drain.*} or of variables {@code
 * DRAIN_*}: of settings of the policy, and of this module's own, alike. One that is no name at all
 * is logged.
 */
final class PropertyNames {
  /** What only this module has, below {@code drain}; a test holds them equal to the metadata. */
  static final Set<String> OWN =
      Set.of(
          "enabled",
          "signals.enabled",
          "socketio.port",
          "socketio.host",
          "socketio.context",
          "socketio.origin",
          "socketio.ping-interval",
          "socketio.ping-timeout",
          "socketio.worker-threads",
          "socketio.max-frame-payload-length",
          "socketio.ack-mode",
          "http.enabled",
          "http.port",
          "http.address",
          "http.on-management-port",
          "filter.enabled",
          "filter.exempt",
          "tasks.enabled",
          "tasks.exclude",
          "tasks.limit",
          "metrics.enabled",
          "events.enabled",
          "availability.enabled");

  private static final ConfigurationPropertyName ROOT = ConfigurationPropertyName.of("drain");

  // As Spring Boot has the elements of a list in a variable.
  private static final Pattern INDEX = Pattern.compile("(_\\d+)+_?$");

  private final PropertySources sources;
  private final DrainPolicy strictness;

  private PropertyNames(PropertySources sources) {
    this.sources = sources;
    this.strictness =
        sources.strict()
            ? DrainSettings.read(
                DrainPolicy.defaults(), Map.of("strict", "true"), UnaryOperator.identity())
            : DrainPolicy.defaults();
  }

  /**
   * Returns if all names are known, or not nearly one that is.
   *
   * @throws DrainStartException if not
   */
  static void check(PropertySources sources) {
    PropertyNames names = new PropertyNames(sources);
    names.checkProperties();
    names.checkVariables();
  }

  // ---------------------------------------------------------------- drain.*

  private void checkProperties() {
    Set<String> known = new TreeSet<>();
    Set<String> uniform = new TreeSet<>();
    DrainSettings.names().forEach(name -> known.add(PropertySources.PREFIX + name));
    OWN.forEach(name -> known.add(PropertySources.PREFIX + name));
    known.forEach(name -> uniform.add(uniform(name)));
    Map<String, @Nullable Origin> unknown = new TreeMap<>();
    for (ConfigurationPropertySource source : sources.withoutVariables()) {
      if (source instanceof IterableConfigurationPropertySource names) {
        names.stream()
            .filter(ROOT::isAncestorOf)
            .filter(name -> !uniform.contains(uniform(shown(name))))
            .filter(name -> !emptyGroup(source, name))
            .forEach(name -> unknown.put(shown(name), origin(source, name)));
      }
    }
    unknown.forEach((name, origin) -> tell(name, among(known, name, '.'), origin));
  }

  /** Without the index of a list's element. */
  private static String shown(ConfigurationPropertyName name) {
    String shown = name.toString();
    int index = shown.indexOf('[');
    return index < 0 ? shown : shown.substring(0, index);
  }

  /** YAML has such a name where nothing is below it. */
  private static boolean emptyGroup(
      ConfigurationPropertySource source, ConfigurationPropertyName name) {
    ConfigurationProperty property = source.getConfigurationProperty(name);
    return property != null && String.valueOf(property.getValue()).isEmpty();
  }

  private static @Nullable Origin origin(
      ConfigurationPropertySource source, ConfigurationPropertyName name) {
    ConfigurationProperty property = source.getConfigurationProperty(name);
    return property == null ? null : property.getOrigin();
  }

  // ---------------------------------------------------------------- DRAIN_*

  private void checkVariables() {
    Set<String> known = new TreeSet<>();
    Set<String> own = new TreeSet<>();
    DrainSettings.names().forEach(name -> known.add(DrainSettings.variable(name)));
    for (String name : OWN) {
      own.add(uniform(name));
      known.add(
          PropertySources.VARIABLES
              + name.toUpperCase(Locale.ROOT).replace('-', '_').replace('.', '_'));
    }
    for (String name : DrainSettings.unknownVariables(sources.variables())) {
      String plain =
          INDEX.matcher(name.substring(PropertySources.VARIABLES.length())).replaceAll("");
      if (!own.contains(uniform(plain))) {
        tell(name, among(known, name, '_'), null);
      }
    }
  }

  /**
   * The variables that have the name of a property of this module, and are not meant so: Kubernetes
   * sets {@code DRAIN_HTTP_PORT=tcp://…} for a Service that is called drain-http.
   */
  static Set<String> ofServices(Map<String, String> variables) {
    Set<String> meant = DrainSettings.unknownVariables(variables);
    Set<String> own = new TreeSet<>();
    OWN.forEach(name -> own.add(uniform(name)));
    return variables.keySet().stream()
        .filter(name -> name.startsWith(PropertySources.VARIABLES) && !meant.contains(name))
        .filter(name -> own.contains(uniform(name.substring(PropertySources.VARIABLES.length()))))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  // ---------------------------------------------------------------- both

  /** Whatever stands between the words: Spring Boot takes all these spellings. */
  private static String uniform(String name) {
    return name.replaceAll("[-._]", "").toLowerCase(Locale.ROOT);
  }

  /** The names that may be meant: those of its group, if it names one. */
  private static Set<String> among(Set<String> known, String name, char between) {
    int prefix = PropertySources.PREFIX.length();
    int end = name.indexOf(between, prefix);
    if (end < 0) {
      return known;
    }
    String group = name.substring(0, end + 1);
    boolean ours =
        OWN.stream().anyMatch(own -> own.startsWith(uniform(group.substring(prefix)) + "."));
    Set<String> inGroup =
        ours
            ? known.stream()
                .filter(each -> each.startsWith(group))
                .collect(Collectors.toCollection(TreeSet::new))
            : Collections.emptySet();
    return inGroup.isEmpty() ? known : inGroup;
  }

  private void tell(String name, Set<String> known, @Nullable Origin origin) {
    try {
      DrainSettings.unknown(strictness, name, known);
    } catch (IllegalArgumentException e) {
      throw DrainStartException.ofSetting(String.valueOf(e.getMessage()), origin, e);
    }
  }
}
