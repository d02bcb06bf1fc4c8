package io.gracefuldrain.spring;

import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.DrainPolicy;
import io.gracefuldrain.Durations;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.ApplicationContext;
import org.springframework.context.support.AbstractApplicationContext;
import org.springframework.context.support.DefaultLifecycleProcessor;
import org.springframework.core.env.Environment;

/**
 * Holds the shutdown of Spring's lifecycle beans, such as the web server's graceful one, within
 * what the drain leaves of the grace period.
 */
final class PhaseTimeouts {
  static final String PROPERTY = "spring.lifecycle.timeout-per-shutdown-phase";

  private static final Duration DEFAULT = Duration.ofSeconds(30);
  private static final Logger LOG = LoggerFactory.getLogger(PhaseTimeouts.class);

  private final DrainCoordinator coordinator;

  PhaseTimeouts(DrainCoordinator coordinator) {
    this.coordinator = coordinator;
  }

  /**
   * Refuses a timeout that the application has set, if it does not fit after the drain.
   *
   * @throws DrainStartException if it does not, unless the policy says to warn only
   */
  void check(Environment environment) {
    DrainPolicy policy = coordinator.policy();
    if (!environment.containsProperty(PROPERTY)) {
      return;
    }
    Duration timeout = timeout(environment);
    Duration left = policy.gracePeriod().minus(policy.total());
    if (timeout.compareTo(left) <= 0) {
      return;
    }
    String problem =
        PROPERTY
            + ": "
            + seconds(timeout)
            + " (expected: <= "
            + seconds(left.isNegative() ? Duration.ZERO : left)
            + ", which is drain.grace-period "
            + seconds(policy.gracePeriod())
            + " - "
            + seconds(policy.total())
            + " for the drain)";
    if (policy.budgetCheck() == DrainPolicy.BudgetCheck.FAIL) {
      throw new DrainStartException(
          "The drain and the shutdown after it do not fit in the grace period: " + problem + ".",
          "Lower "
              + PROPERTY
              + ", or remove it: each phase then has what the drain leaves. Or raise"
              + " drain.grace-period with the pod's terminationGracePeriodSeconds. With"
              + " drain.budget-check=warn the application starts all the same.",
          null);
    }
    LOG.warn("DRAIN-083 {}; each phase has what the drain leaves, at most", problem);
  }

  /** Limits each phase of a context's shutdown to what is left after the drain. */
  void limit(ApplicationContext closing) {
    Duration left = coordinator.stopBudget();
    Duration timeout = timeout(closing.getEnvironment());
    if (closing.containsLocalBean(AbstractApplicationContext.LIFECYCLE_PROCESSOR_BEAN_NAME)
        && closing.getBean(AbstractApplicationContext.LIFECYCLE_PROCESSOR_BEAN_NAME)
            instanceof DefaultLifecycleProcessor phases) {
      phases.setTimeoutPerShutdownPhase((left.compareTo(timeout) < 0 ? left : timeout).toMillis());
    }
  }

  private static Duration timeout(Environment environment) {
    return Binder.get(environment).bind(PROPERTY, Duration.class).orElse(DEFAULT);
  }

  private static String seconds(Duration duration) {
    return Durations.format(duration);
  }
}
