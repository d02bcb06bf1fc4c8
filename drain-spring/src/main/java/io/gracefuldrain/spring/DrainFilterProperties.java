package io.gracefuldrain.spring;

import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Which HTTP requests of the application are work in flight. Immutable.
 *
 * @param enabled whether any are
 * @param exempt the beginnings of further paths, below the context's path, that are left alone:
 *     neither counted nor refused
 */
@ConfigurationProperties("drain.filter")
public record DrainFilterProperties(
    @DefaultValue("true") boolean enabled, @DefaultValue List<String> exempt) {
  /** Refuses what is no path. */
  public DrainFilterProperties {
    exempt = List.copyOf(exempt);
    for (String path : exempt) {
      if (path.length() < 2 || !path.startsWith("/")) {
        throw DrainStartException.ofOwnSetting(
            "filter.exempt", path, "the beginning of a path, as /internal");
      }
    }
  }
}
