package io.gracefuldrain.spring.boot;

import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.spring.DrainAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/**
 * The health contributor {@code drain}, in the readiness group. {@code
 * management.health.drain.enabled=false} leaves it out.
 */
@AutoConfiguration(
    after = DrainAutoConfiguration.class,
    afterName =
        "org.springframework.boot.health.autoconfigure.actuate.endpoint.AvailabilityProbesAutoConfiguration")
@ConditionalOnClass({HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class})
@ConditionalOnProperty(name = "drain.enabled", matchIfMissing = true)
@ConditionalOnBean(DrainCoordinator.class)
public class DrainHealthAutoConfiguration {
  /** Made by Spring. */
  public DrainHealthAutoConfiguration() {}

  /** Apart, so that nothing of Actuator is loaded where there is none. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnEnabledHealthIndicator("drain")
  static class Contributor {
    @Bean
    @ConditionalOnMissingBean(name = "drainHealthIndicator")
    DrainHealthIndicator drainHealthIndicator(DrainCoordinator coordinator) {
      return new DrainHealthIndicator(coordinator);
    }

    @Bean
    @ConditionalOnMissingBean
    DrainHealthGroups drainHealthGroups(Environment environment) {
      return new DrainHealthGroups(environment);
    }
  }
}
