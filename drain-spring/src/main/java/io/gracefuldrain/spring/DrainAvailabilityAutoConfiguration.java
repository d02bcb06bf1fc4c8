package io.gracefuldrain.spring;

import io.gracefuldrain.DrainCoordinator;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;

/**
 * The drain as the application's readiness state, and as application events: {@link
 * DrainPhaseEvent}, {@link DrainBegunEvent}, {@link DrainRecalledEvent}, {@link DrainDoneEvent} and
 * {@link ConnectionEndedEvent}.
 */
@AutoConfiguration(after = DrainAutoConfiguration.class)
@ConditionalOnProperty(name = "drain.enabled", matchIfMissing = true)
@ConditionalOnBean(DrainCoordinator.class)
public class DrainAvailabilityAutoConfiguration {
  /** Made by Spring. */
  public DrainAvailabilityAutoConfiguration() {}

  @Bean(initMethod = "start")
  @ConditionalOnMissingBean
  @ConditionalOnProperty(name = "drain.availability.enabled", matchIfMissing = true)
  DrainAvailability drainAvailability(
      DrainCoordinator coordinator,
      ConfigurableApplicationContext context,
      ObjectProvider<ApplicationAvailability> before) {
    return new DrainAvailability(coordinator, context, before.getIfAvailable());
  }

  @Bean(initMethod = "listen")
  @ConditionalOnMissingBean
  @ConditionalOnProperty(name = "drain.events.enabled", matchIfMissing = true)
  DrainEvents drainEvents(DrainCoordinator coordinator, ConfigurableApplicationContext context) {
    return new DrainEvents(coordinator, context);
  }
}
