package io.gracefuldrain.spring;

import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.servlet.DrainFilter;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import java.util.EnumSet;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.web.server.WebFilter;
import reactor.core.publisher.Mono;

/**
 * HTTP requests of the application as work in flight, on a servlet container or a reactive server.
 * Actuator's paths and the health probes are left alone, and so are those of {@code
 * drain.filter.exempt}.
 */
@AutoConfiguration(after = DrainAutoConfiguration.class)
@ConditionalOnProperty(
    name = {"drain.enabled", "drain.filter.enabled"},
    matchIfMissing = true)
@ConditionalOnBean(DrainCoordinator.class)
@EnableConfigurationProperties(DrainFilterProperties.class)
public class DrainFilterAutoConfiguration {
  /** Before Spring Security, whose work counts, too; after Boot's observation of requests. */
  static final int ORDER = Ordered.HIGHEST_PRECEDENCE + 10;

  /** Made by Spring. */
  public DrainFilterAutoConfiguration() {}

  /** For a servlet container. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(Filter.class)
  @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
  static class Servlet {
    @Bean
    @ConditionalOnMissingBean(
        value = DrainFilter.class,
        parameterizedContainer = FilterRegistrationBean.class,
        search = SearchStrategy.CURRENT)
    FilterRegistrationBean<DrainFilter> drainFilter(
        DrainCoordinator coordinator, DrainFilterProperties properties, Environment environment) {
      ExemptPaths exempt = ExemptPaths.of(environment, properties.exempt());
      FilterRegistrationBean<DrainFilter> filter =
          new FilterRegistrationBean<>(
              new DrainFilter(coordinator)
                  .exempting(
                      request ->
                          exempt.has(
                              request
                                  .getRequestURI()
                                  .substring(request.getContextPath().length()))));
      filter.setName("drainFilter");
      filter.setOrder(ORDER);
      filter.setDispatcherTypes(EnumSet.of(DispatcherType.REQUEST));
      return filter;
    }
  }

  /** For a reactive server. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass({WebFilter.class, Mono.class})
  @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
  static class Reactive {
    @Bean
    @Order(ORDER)
    @ConditionalOnMissingBean(name = "drainFilter", search = SearchStrategy.CURRENT)
    WebFilter drainFilter(
        DrainCoordinator coordinator, DrainFilterProperties properties, Environment environment) {
      return new DrainWebFilter(coordinator, ExemptPaths.of(environment, properties.exempt()));
    }
  }
}
