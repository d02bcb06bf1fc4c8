package io.gracefuldrain.spring;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * Hides variables that Kubernetes has set for a Service whose name begins with "drain". Spring Boot
 * would take them as properties, as {@code drain.http.port}. The core ignores those that have names
 * of its settings. Found by its entry in spring.factories.
 */
final class ServiceVariables
    implements ApplicationContextInitializer<ConfigurableApplicationContext> {
  private static final String VARIABLES =
      StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME;

  ServiceVariables() {}

  @Override
  public void initialize(ConfigurableApplicationContext context) {
    MutablePropertySources sources = context.getEnvironment().getPropertySources();
    PropertySource<?> source = sources.get(VARIABLES);
    if (source == null || !(source.getSource() instanceof Map<?, ?> all)) {
      return;
    }
    Map<String, String> texts = new TreeMap<>();
    Map<String, Object> kept = new TreeMap<>();
    all.forEach(
        (name, value) -> {
          texts.put(String.valueOf(name), String.valueOf(value));
          kept.put(String.valueOf(name), value);
        });
    Set<String> hidden = PropertyNames.ofServices(texts);
    if (!hidden.isEmpty()) { // else the source stays what it is
      kept.keySet().removeAll(hidden);
      sources.replace(VARIABLES, new SystemEnvironmentPropertySource(VARIABLES, kept));
    }
  }
}
