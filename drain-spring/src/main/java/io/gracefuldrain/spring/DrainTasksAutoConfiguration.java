package io.gracefuldrain.spring;

import io.gracefuldrain.DrainCoordinator;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/**
 * Tasks of the application's executors and schedulers as work in flight, which a drain waits for:
 * those of {@code @Async} and {@code @Scheduled}, and all others ({@code drain.tasks.*}).
 */
@AutoConfiguration(after = DrainAutoConfiguration.class)
@ConditionalOnProperty(
    name = {"drain.enabled", "drain.tasks.enabled"},
    matchIfMissing = true)
@EnableConfigurationProperties(DrainTasksProperties.class)
public class DrainTasksAutoConfiguration {
  /** Made by Spring. */
  public DrainTasksAutoConfiguration() {}

  // It is made before all other beans, so it binds what it needs itself.
  @Bean
  static DrainTaskDecorators drainTaskDecorators(
      Environment environment, ConfigurableListableBeanFactory beans) {
    DrainTasksProperties properties =
        Binder.get(environment).bindOrCreate("drain.tasks", DrainTasksProperties.class);
    TaskLeases leases = new TaskLeases(properties.limit());
    if (beans.getParentBeanFactory() != null) {
      beans
          .getParentBeanFactory()
          .getBeanProvider(DrainCoordinator.class)
          .ifAvailable(leases::begins);
    }
    return new DrainTaskDecorators(leases, properties.exclude());
  }
}
