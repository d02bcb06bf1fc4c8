package io.gracefuldrain.spring;

import java.util.List;
import java.util.Map;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.test.context.ContextConfigurationAttributes;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.ContextCustomizerFactory;
import org.springframework.test.context.MergedContextConfiguration;

/**
 * Lets many contexts live in one JVM, as Spring's test framework keeps them: none takes the JVM's
 * signals, and each has a management port of its own. A test that sets these properties itself has
 * what it sets.
 */
final class DrainTestCustomizerFactory implements ContextCustomizerFactory {
  /** Made by Spring. */
  DrainTestCustomizerFactory() {}

  @Override
  public ContextCustomizer createContextCustomizer(
      Class<?> test, List<ContextConfigurationAttributes> attributes) {
    return new Customizer();
  }

  /** All are equal, so that contexts are shared as before. */
  private record Customizer() implements ContextCustomizer {
    private static final String NAME = "drainInTests";
    private static final Map<String, Object> PROPERTIES =
        Map.of("drain.signals.enabled", "false", "drain.http.port", "0");

    @Override
    public void customizeContext(
        ConfigurableApplicationContext context, MergedContextConfiguration configuration) {
      MutablePropertySources sources = context.getEnvironment().getPropertySources();
      MapPropertySource ours = new MapPropertySource(NAME, PROPERTIES);
      // Below the test's own properties, above those of the machine and of the application.
      if (sources.contains(StandardEnvironment.SYSTEM_PROPERTIES_PROPERTY_SOURCE_NAME)) {
        sources.addBefore(StandardEnvironment.SYSTEM_PROPERTIES_PROPERTY_SOURCE_NAME, ours);
      } else {
        sources.addLast(ours);
      }
    }
  }
}
