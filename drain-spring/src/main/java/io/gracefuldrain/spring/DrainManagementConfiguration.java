package io.gracefuldrain.spring;

import io.gracefuldrain.http.DrainEndpoints;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextConfiguration;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextType;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.web.server.WebFilter;

/** Hooks and probes on Actuator's management port, at its root or below its base path. */
@ManagementContextConfiguration(value = ManagementContextType.CHILD, proxyBeanMethods = false)
@ConditionalOnProperty(
    name = {"drain.enabled", "drain.http.enabled", "drain.http.on-management-port"},
    matchIfMissing = true)
@ConditionalOnBean({DrainEndpoints.class, ManagementPlace.class})
class DrainManagementConfiguration {
  private static String where(Environment environment) {
    String base = environment.getProperty("management.server.base-path", "");
    return "port "
        + environment.getProperty(
            "local.management.port", environment.getProperty("management.server.port", ""))
        + (base.isEmpty() ? "" : " below " + base)
        + ", Actuator's management port";
  }

  /** For a servlet container. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
  static class Servlet {
    // A filter and no SecurityFilterChain: with one of ours, Boot's default for the application
    // would back off.
    @Bean
    FilterRegistrationBean<EndpointsFilter> drainEndpointsFilter(
        DrainEndpoints endpoints, ManagementPlace place, Environment environment) {
      FilterRegistrationBean<EndpointsFilter> filter =
          new FilterRegistrationBean<>(new EndpointsFilter(endpoints));
      filter.setName("drainEndpoints");
      filter.setOrder(Ordered.HIGHEST_PRECEDENCE);
      place.served(() -> where(environment));
      return filter;
    }
  }

  /** For a reactive server. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
  @ConditionalOnClass(WebFilter.class)
  static class Reactive {
    @Bean
    @Order(Ordered.HIGHEST_PRECEDENCE)
    EndpointsWebFilter drainEndpointsFilter(
        DrainEndpoints endpoints, ManagementPlace place, Environment environment) {
      place.served(() -> where(environment));
      return new EndpointsWebFilter(endpoints);
    }
  }
}
