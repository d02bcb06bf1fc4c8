package io.gracefuldrain.spring;

import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.DrainPolicy;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.boot.LazyInitializationExcludeFilter;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Role;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * The policy and the one coordinator of an application. A child context uses those of its parent.
 */
@AutoConfiguration
@ConditionalOnProperty(name = "drain.enabled", matchIfMissing = true)
@EnableConfigurationProperties(DrainSignalsProperties.class)
// Infrastructure: a post-processor that needs the server makes it early, which Spring warns of
// else.
@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
public class DrainAutoConfiguration {
  /** Made by Spring. */
  public DrainAutoConfiguration() {}

  /** The policy: defaults, properties {@code drain.*}, customizers, variables {@code DRAIN_*}. */
  @Bean
  @ConditionalOnMissingBean
  @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
  public DrainPolicy drainPolicy(
      ConfigurableEnvironment environment, ObjectProvider<DrainCustomizer> customizers) {
    return new PolicyReader(new PropertySources(environment))
        .read(customizers.orderedStream().toList());
  }

  /** The coordinator. */
  @Bean(destroyMethod = "close")
  @ConditionalOnMissingBean
  @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
  public DrainCoordinator drainCoordinator(DrainPolicy policy) {
    try {
      return DrainCoordinator.create(policy);
    } catch (IllegalArgumentException e) {
      throw new DrainStartException(
          "The settings of the drain do not fit together: " + e.getMessage() + ".",
          "Change the bean of type DrainPolicy.",
          e);
    }
  }

  /** Refuses names that are typing errors, before anything is made by the wrong setting. */
  @Bean
  static BeanFactoryPostProcessor drainNames(ConfigurableEnvironment environment) {
    return beans -> {
      BeanFactory parent = beans.getParentBeanFactory();
      if (parent == null || !parent.containsBean("drainNames")) { // it has said so already
        PropertyNames.check(new PropertySources(environment));
      }
    };
  }

  /** Says when the application has started. */
  @Bean
  @ConditionalOnMissingBean
  DrainStart drainStart(ConfigurableApplicationContext owner, DrainCoordinator coordinator) {
    return new DrainStart(owner, coordinator);
  }

  /** Drains at the end. */
  @Bean
  @ConditionalOnMissingBean
  DrainEnd drainEnd(
      ConfigurableApplicationContext owner,
      DrainCoordinator coordinator,
      ObjectProvider<ServersOfContext> servers,
      DrainSignalsProperties signals) {
    return new DrainEnd(owner, coordinator, servers, signals.enabled());
  }

  /** What drains is there from the start, also where all beans are lazy. */
  @Bean
  static LazyInitializationExcludeFilter drainIsNotLazy() {
    return (name, definition, type) ->
        type.getPackageName().startsWith("io.gracefuldrain.spring")
            || type == DrainCoordinator.class;
  }
}
