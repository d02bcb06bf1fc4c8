package io.gracefuldrain.spring;

import org.springframework.boot.actuate.autoconfigure.web.server.ManagementPortType;
import org.springframework.boot.autoconfigure.condition.AnyNestedCondition;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.ConditionalOnNotWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.util.ClassUtils;

/** There is no management port of Actuator's on which hooks and probes could be. */
final class OnOwnServer extends AnyNestedCondition {
  OnOwnServer() {
    super(ConfigurationPhase.REGISTER_BEAN);
  }

  @ConditionalOnNotWebApplication
  static final class NoWebServer {}

  @ConditionalOnProperty(name = "drain.http.on-management-port", havingValue = "false")
  static final class NotWanted {}

  @Conditional(NoManagementPort.class)
  static final class NoPort {}

  /** Actuator is not there, is off, or shares the application's port. */
  static final class NoManagementPort extends SpringBootCondition {
    static final String ACTUATOR =
        "org.springframework.boot.actuate.autoconfigure.web.server.ManagementContextAutoConfiguration";

    @Override
    public ConditionOutcome getMatchOutcome(
        ConditionContext context, AnnotatedTypeMetadata metadata) {
      ConditionMessage.Builder message = ConditionMessage.forCondition("Drain's own server");
      if (!ClassUtils.isPresent(ACTUATOR, context.getClassLoader())) {
        return ConditionOutcome.match(message.because("Actuator is not there"));
      }
      return Actuator.hasPort(context.getEnvironment())
          ? ConditionOutcome.noMatch(message.because("Actuator has a port of its own"))
          : ConditionOutcome.match(message.because("Actuator has no port of its own"));
    }
  }

  /** Loaded only where Actuator is. */
  private static final class Actuator {
    static boolean hasPort(Environment environment) {
      return ManagementPortType.get(environment) == ManagementPortType.DIFFERENT;
    }
  }
}
