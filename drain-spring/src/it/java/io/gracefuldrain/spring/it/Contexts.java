package io.gracefuldrain.spring.it;

import com.corundumstudio.socketio.Configuration;
import com.corundumstudio.socketio.SocketIOServer;
import io.gracefuldrain.spring.DrainAutoConfiguration;
import io.gracefuldrain.spring.DrainSocketIoAutoConfiguration;
import io.gracefuldrain.testing.Ports;
import java.util.Map;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/** Contexts with the auto-configurations of the drain and of its servers. */
final class Contexts {
  private Contexts() {}

  /** One that is alone in its JVM as far as signals go, and in no Kubernetes. */
  static ApplicationContextRunner runner() {
    return new ApplicationContextRunner()
        .withConfiguration(
            AutoConfigurations.of(
                DrainAutoConfiguration.class, DrainSocketIoAutoConfiguration.class))
        .withPropertyValues("drain.signals.enabled=false", "drain.termination-log=")
        .withInitializer(
            context -> {
              setEnvironment(context.getEnvironment(), Map.of());
              // The build sets some that begin as ours do.
              context
                  .getEnvironment()
                  .getPropertySources()
                  .remove(StandardEnvironment.SYSTEM_PROPERTIES_PROPERTY_SOURCE_NAME);
            });
  }

  /** Replaces the variables that an environment sees. */
  static void setEnvironment(ConfigurableEnvironment environment, Map<String, Object> to) {
    environment
        .getPropertySources()
        .replace(
            StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
            new SystemEnvironmentPropertySource(
                StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, to));
  }

  /** A server as users make it, on a free port. */
  static SocketIOServer server() {
    return new SocketIOServer(configuration());
  }

  static Configuration configuration() {
    Configuration configuration = new Configuration();
    configuration.setHostname("127.0.0.1");
    configuration.setPort(Ports.free());
    configuration.setRandomSession(true);
    configuration.setBossThreads(1);
    configuration.setWorkerThreads(1);
    return configuration;
  }
}
