package io.gracefuldrain.spring;

import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.DrainPolicy;
import io.gracefuldrain.http.DrainEndpoints;
import io.gracefuldrain.http.DrainHttpServer;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * The drain's hooks and probes: on Actuator's management port if it has one of its own, else on a
 * server of our own ({@code drain.http.*}). It stands back where the application has a {@code
 * DrainServlet} or a {@code DrainHttpServer} of its own.
 *
 * <p>Who reaches that port can drain the pod by the preStop hook. {@code DRAIN_HOOK_HEADER} lets
 * the hook carry a secret; what changes something needs the token of {@code DRAIN_ADMIN_TOKEN}.
 * Spring Security is not asked: the kubelet cannot log in.
 */
@AutoConfiguration(after = DrainAutoConfiguration.class)
@ConditionalOnProperty(
    name = {"drain.enabled", "drain.http.enabled"},
    matchIfMissing = true)
@ConditionalOnBean(DrainCoordinator.class)
@ConditionalOnMissingBean(
    value = DrainHttpServer.class,
    type = "io.gracefuldrain.servlet.DrainServlet",
    parameterizedContainer = ServletRegistrationBean.class)
@EnableConfigurationProperties(DrainHttpProperties.class)
public class DrainWebAutoConfiguration {
  /** Made by Spring. */
  public DrainWebAutoConfiguration() {}

  /** The endpoints; the application's own readiness state is a condition of {@code /readyz}. */
  @Bean
  @ConditionalOnMissingBean
  public DrainEndpoints drainEndpoints(
      DrainCoordinator coordinator, ObjectProvider<DrainAvailability> availability) {
    DrainEndpoints endpoints = DrainEndpoints.of(coordinator);
    availability.ifAvailable(
        state -> endpoints.readyWhen("readinessState", state::acceptedByApplication));
    return endpoints;
  }

  @Bean
  @ConditionalOnMissingBean
  ManagementPlace drainManagementPlace() {
    return new ManagementPlace();
  }

  @Bean
  @ConditionalOnMissingBean
  HttpReport drainHttpReport(
      ApplicationContext context, ManagementPlace place, DrainPolicy policy) {
    return new HttpReport(context, place, policy);
  }

  /** Our own server. */
  @Configuration(proxyBeanMethods = false)
  @Conditional(OnOwnServer.class)
  static class OwnServer {
    @Bean
    @ConditionalOnMissingBean
    DrainHttpLifecycle drainHttpServer(
        DrainHttpProperties properties,
        DrainEndpoints endpoints,
        ManagementPlace place,
        ConfigurableListableBeanFactory beans,
        ConfigurableEnvironment environment,
        ApplicationContext context) {
      return new DrainHttpLifecycle(
          properties,
          endpoints,
          place,
          new PortHolders(environment, beans, WebContext.hasServer(context)),
          environment);
    }
  }
}
