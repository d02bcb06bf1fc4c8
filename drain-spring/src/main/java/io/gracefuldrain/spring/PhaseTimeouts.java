package io.gracefuldrain.spring;

import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.DrainPolicy;
import io.gracefuldrain.Durations;
import java.lang.reflect.Field;
import java.time.Duration;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.ApplicationContext;
import org.springframework.context.Lifecycle;
import org.springframework.context.LifecycleProcessor;
import org.springframework.context.Phased;
import org.springframework.context.support.AbstractApplicationContext;
import org.springframework.context.support.DefaultLifecycleProcessor;
import org.springframework.core.env.Environment;
import org.springframework.util.ReflectionUtils;

/**
 * Holds the shutdown of Spring's lifecycle beans, such as the web server's graceful one, within
 * what the drain leaves of the grace period.
 */
final class PhaseTimeouts {
  static final String PROPERTY = "spring.lifecycle.timeout-per-shutdown-phase";

  /** A field that has no getter; the name is that of Spring Framework 6.2 and 7. */
  static final String TIMEOUTS = "timeoutsForShutdownPhases";

  private static final Duration DEFAULT = Duration.ofSeconds(30);
  private static final Duration DESTRUCTION = Duration.ofSeconds(1);
  private static final Duration MOMENT = Duration.ofMillis(100);
  private static final Logger LOG = LoggerFactory.getLogger(PhaseTimeouts.class);

  private final DrainCoordinator coordinator;
  private final LongSupplier nanos;

  // When all phases must have ended. Contexts end on one thread; theirs may end on another.
  private volatile @Nullable Long ends;

  /**
   * None is limited yet.
   *
   * @param nanos the time
   */
  PhaseTimeouts(DrainCoordinator coordinator, LongSupplier nanos) {
    this.coordinator = coordinator;
    this.nanos = nanos;
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
              + ", or remove it: the phases then have what the drain leaves. Or raise"
              + " drain.grace-period with the pod's terminationGracePeriodSeconds. With"
              + " drain.budget-check=warn the application starts all the same.",
          null);
    }
    LOG.warn("DRAIN-083 {}; the phases have what the drain leaves, at most", problem);
  }

  /**
   * Limits the phases of a context's shutdown to what is left after the drain, all together, and to
   * the stop margin: a phase may wait for the very work that ends the application. Those of a
   * second context that ends meanwhile, such as Actuator's, have their part of the same time.
   */
  void limit(ApplicationContext closing) {
    long now = nanos.getAsLong();
    Long known = ends;
    if (known == null || known - now <= 0) {
      Duration margin = coordinator.policy().stopMargin();
      Duration budget = coordinator.stopBudget();
      Duration left = budget.compareTo(margin) < 0 ? budget : margin;
      ends = now + left.minus(destruction(left)).toNanos();
    }
    share(closing);
  }

  /** As {@link #limit}, for a context that does not end the pod, if another one does. */
  void join(ApplicationContext closing) {
    if (ends != null) {
      share(closing);
    }
  }

  /** Beans are destroyed after the phases, and before the time is over. */
  private static Duration destruction(Duration left) {
    Duration quarter = left.dividedBy(4);
    return quarter.compareTo(DESTRUCTION) < 0 ? quarter : DESTRUCTION;
  }

  /**
   * Spring asks for a phase's timeout when all beans of the phase were told to stop, in the order
   * of their registration. So each phase gets one more bean, which sets the timeout to what is
   * left.
   */
  private void share(ApplicationContext closing) {
    if (closing.containsLocalBean(AbstractApplicationContext.LIFECYCLE_PROCESSOR_BEAN_NAME)
        && closing.getBean(AbstractApplicationContext.LIFECYCLE_PROCESSOR_BEAN_NAME)
            instanceof DefaultLifecycleProcessor processor
        && closing.getAutowireCapableBeanFactory()
            instanceof ConfigurableListableBeanFactory beans) {
      Map<?, ?> own = ownTimeouts(processor);
      long each = timeout(closing.getEnvironment()).toMillis();
      SortedSet<Integer> phases = phases(beans);
      for (int phase : phases) {
        long most = own.get(phase) instanceof Long timeout ? timeout : each;
        int later = phases.headSet(phase).size();
        PhaseLimit limit =
            new PhaseLimit(
                phase,
                () -> {
                  long timeout = Math.min(most, left(later));
                  processor.setTimeoutPerShutdownPhase(timeout);
                  processor.setTimeoutForShutdownPhase(phase, timeout);
                });
        String name = PhaseLimit.class.getName() + "." + phase;
        if (!beans.containsSingleton(name)) {
          beans.registerSingleton(name, limit);
        }
      }
    }
  }

  /** How many milliseconds a phase has that so many come after: a moment of it is theirs. */
  private long left(int later) {
    Long known = ends;
    long left = known == null ? 0 : Math.max(0, known - nanos.getAsLong());
    return (left - Math.min(later * MOMENT.toNanos(), left / 2)) / 1_000_000;
  }

  private static SortedSet<Integer> phases(ConfigurableListableBeanFactory beans) {
    SortedSet<Integer> phases = new TreeSet<>();
    for (String name : beans.getBeanNamesForType(Lifecycle.class, false, false)) {
      if (beans.getSingleton(name) instanceof Lifecycle bean
          && !(bean instanceof LifecycleProcessor)) {
        phases.add(bean instanceof Phased phased ? phased.getPhase() : 0);
      }
    }
    return phases;
  }

  /** Those that the application has set for single phases. */
  private static Map<?, ?> ownTimeouts(DefaultLifecycleProcessor processor) {
    Field field = ReflectionUtils.findField(DefaultLifecycleProcessor.class, TIMEOUTS);
    if (field != null) {
      ReflectionUtils.makeAccessible(field);
      if (ReflectionUtils.getField(field, processor) instanceof Map<?, ?> timeouts) {
        return Map.copyOf(timeouts);
      }
    }
    return Map.of();
  }

  private static Duration timeout(Environment environment) {
    return Binder.get(environment).bind(PROPERTY, Duration.class).orElse(DEFAULT);
  }

  private static String seconds(Duration duration) {
    return Durations.format(duration);
  }
}
