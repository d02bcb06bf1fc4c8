package io.gracefuldrain.spring;

import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.metrics.DrainMetrics;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Actuator's endpoint {@code drain}, and the drain's metrics in the application's registries. */
@AutoConfiguration(after = DrainAutoConfiguration.class)
@ConditionalOnProperty(name = "drain.enabled", matchIfMissing = true)
@ConditionalOnBean(DrainCoordinator.class)
public class DrainActuatorAutoConfiguration {
  /** Made by Spring. */
  public DrainActuatorAutoConfiguration() {}

  /** The endpoint. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass({Endpoint.class, ConditionalOnAvailableEndpoint.class})
  static class Actuator {
    @Bean
    @ConditionalOnMissingBean
    @ConditionalOnAvailableEndpoint
    DrainEndpoint drainEndpoint(DrainCoordinator coordinator) {
      return new DrainEndpoint(coordinator);
    }

    /** Actuator may be told to show the values of properties, but not these. */
    @Bean
    SanitizingFunction drainSecretsAreNotShown() {
      return Secrets::hide;
    }
  }

  /** The meters. Boot binds them to each registry; they leave it when the context closes. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(MeterBinder.class)
  static class Metrics {
    @Bean(destroyMethod = "close")
    @ConditionalOnMissingBean
    @ConditionalOnProperty(name = "drain.metrics.enabled", matchIfMissing = true)
    DrainMetrics drainMetrics(DrainCoordinator coordinator) {
      return new DrainMetrics(coordinator);
    }
  }
}
