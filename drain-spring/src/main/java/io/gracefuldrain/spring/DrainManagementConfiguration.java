package io.gracefuldrain.spring;

import io.gracefuldrain.http.DrainEndpoints;
import java.util.List;
import java.util.Map;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextConfiguration;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextType;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
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

  /** Other pods are told where they can ask for sessions: by plain HTTP. */
  private static void tell(DrainEndpoints endpoints, Environment environment) {
    Integer port = environment.getProperty("local.management.port", Integer.class);
    if (port != null && !speaksTls(environment)) {
      endpoints.servedOn(port, environment.getProperty("management.server.base-path", ""));
    }
  }

  /**
   * As Boot decides it: what is said of this port counts, else what is said of the application's.
   */
  static boolean speaksTls(Environment environment) {
    for (String prefix : List.of("management.server.ssl", "server.ssl")) {
      Map<String, Object> said =
          Binder.get(environment)
              .bind(prefix, Bindable.mapOf(String.class, Object.class))
              .orElse(Map.of());
      if (!said.isEmpty()) {
        return !"false".equalsIgnoreCase(String.valueOf(said.get("enabled")));
      }
    }
    return false;
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
      place.served(() -> where(environment), () -> tell(endpoints, environment));
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
      place.served(() -> where(environment), () -> tell(endpoints, environment));
      return new EndpointsWebFilter(endpoints);
    }
  }
}
