package io.gracefuldrain.spring;

import com.corundumstudio.socketio.Configuration;
import com.corundumstudio.socketio.SocketIOServer;
import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.socketio.SocketIoDrain;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.AnyNestedCondition;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Role;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * Attaches every bean of type {@link SocketIOServer} to the application's coordinator, and makes
 * and runs a server where the application has none but a {@link Configuration} bean or the property
 * {@code drain.socketio.port}.
 */
@AutoConfiguration(after = DrainAutoConfiguration.class)
@ConditionalOnClass(SocketIOServer.class)
@ConditionalOnProperty(name = "drain.enabled", matchIfMissing = true)
// Infrastructure: a post-processor that needs the server makes it early, which Spring warns of
// else.
@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
public class DrainSocketIoAutoConfiguration {
  /** Made by Spring. */
  public DrainSocketIoAutoConfiguration() {}

  /** The servers of this application and its child contexts. */
  @Bean(destroyMethod = "endAll")
  @ConditionalOnMissingBean
  @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
  public SocketIoDrains socketIoDrains(ObjectProvider<DrainCoordinator> coordinator) {
    return new SocketIoDrains(coordinator::getObject);
  }

  /** Tells whether a context that closes has servers that run. */
  @Bean
  @ConditionalOnMissingBean(name = "socketIoServersOfContext")
  ServersOfContext socketIoServersOfContext(SocketIoDrains drains) {
    return context -> drains.runsIn(context.getAutowireCapableBeanFactory());
  }

  /** Stops them, after a drain. */
  @Bean
  SocketIoServersEnd socketIoServersEnd(
      SocketIoDrains drains, ConfigurableListableBeanFactory beans) {
    return new SocketIoServersEnd(drains, beans);
  }

  /** Attaches them; static, so that it is there before any server. */
  @Bean
  @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
  static SocketIoAttacher socketIoAttacher(
      ConfigurableListableBeanFactory beans, ObjectProvider<SocketIoDrains> drains) {
    return new SocketIoAttacher(beans, drains);
  }

  /** Refuses settings of a made server where none is made. */
  @Bean
  static MadeServerCheck socketIoMadeServerCheck(ConfigurableEnvironment environment) {
    return new MadeServerCheck(new PropertySources(environment));
  }

  /** The drain of the one server; with several, {@link SocketIoDrains} has them. */
  @Bean
  @Lazy
  @ConditionalOnMissingBean
  @ConditionalOnSingleCandidate(SocketIOServer.class)
  public SocketIoDrain socketIoDrain(SocketIOServer server, SocketIoDrains drains) {
    return drains.of(server);
  }

  /** The server that the starter makes. */
  @org.springframework.context.annotation.Configuration(proxyBeanMethods = false)
  @ConditionalOnMissingBean(SocketIOServer.class)
  @Conditional(ServerWanted.class)
  @EnableConfigurationProperties(SocketIoProperties.class)
  static class MadeServer {
    @Bean
    SocketIOServer socketIoServer(
        ObjectProvider<Configuration> configuration, SocketIoProperties properties) {
      return SocketIoServerFactory.create(configuration, properties);
    }

    @Bean
    SocketIoServerLifecycle socketIoServerLifecycle(
        SocketIOServer server, SocketIoDrains drains, ConfigurableListableBeanFactory beans) {
      return new SocketIoServerLifecycle(server, drains, beans);
    }
  }

  /** Whether the application says how its server is to be. */
  static final class ServerWanted extends AnyNestedCondition {
    ServerWanted() {
      super(ConfigurationPhase.REGISTER_BEAN);
    }

    @ConditionalOnBean(Configuration.class)
    static final class ByBean {}

    @ConditionalOnProperty("drain.socketio.port")
    static final class ByPort {}
  }
}
