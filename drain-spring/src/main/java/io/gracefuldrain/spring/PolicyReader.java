package io.gracefuldrain.spring;

import io.gracefuldrain.DrainPolicy;
import io.gracefuldrain.DrainSettings;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.origin.Origin;

/**
 * Reads the policy: the defaults, changed by the properties {@code drain.*}, then by customizers,
 * then by the environment's variables {@code DRAIN_*}. The texts of both are read by the core, so
 * they mean the same. An error names what the user has written.
 */
final class PolicyReader {
  private final PropertySources sources;

  PolicyReader(PropertySources sources) {
    this.sources = sources;
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

  private DrainPolicy withProperties(DrainPolicy policy) {
    Map<String, String> texts = new TreeMap<>();
    for (String name : DrainSettings.names()) {
      String text = sources.text(name);
      if (text != null) {
        texts.put(name, text);
      }
    }
    try {
      return DrainSettings.read(policy, texts, name -> PropertySources.PREFIX + name);
    } catch (IllegalArgumentException e) {
      throw invalid(e);
    }
  }

  private DrainPolicy withVariables(DrainPolicy policy) {
    Map<String, String> texts = new TreeMap<>();
    for (String name : DrainSettings.names()) {
      String text = sources.variables().get(DrainSettings.variable(name));
      if (text != null) {
        texts.put(name, text);
      }
    }
    try {
      DrainPolicy read = DrainSettings.read(policy, texts, DrainSettings::variable);
      // Two that contradict each other are called as they were written.
      DrainSettings.check(read, this::written);
      return read;
    } catch (IllegalArgumentException e) {
      throw invalid(e);
    }
  }

  /** A setting's name where it has its value from: a variable, or a property. */
  private String written(String name) {
    String variable = DrainSettings.variable(name);
    return sources.variables().containsKey(variable) ? variable : PropertySources.PREFIX + name;
  }

  private DrainStartException invalid(IllegalArgumentException e) {
    String message = String.valueOf(e.getMessage());
    return DrainStartException.ofSetting(message, origin(message), e);
  }

  /** Where the property was set that a message begins with. */
  private @Nullable Origin origin(String message) {
    return DrainSettings.names().stream()
        .filter(name -> message.startsWith(PropertySources.PREFIX + name + ":"))
        .findFirst()
        .map(sources::origin)
        .orElse(null);
  }
}
