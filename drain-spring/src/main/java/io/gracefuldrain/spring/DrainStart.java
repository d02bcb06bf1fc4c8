package io.gracefuldrain.spring;

import io.gracefuldrain.DrainCoordinator;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.event.ContextRefreshedEvent;
import org.springframework.core.Ordered;

/**
 * Says that the application has started: after its runners, and after its own listeners of {@link
 * ApplicationReadyEvent}, which may start servers. A context that no SpringApplication runs has
 * started when it is refreshed.
 */
final class DrainStart implements SmartInitializingSingleton {
  /** Spring Boot registers this in each context that it runs. */
  private static final String RUN_BY_BOOT = "springApplicationArguments";

  private final ConfigurableApplicationContext owner;
  private final DrainCoordinator coordinator;

  DrainStart(ConfigurableApplicationContext owner, DrainCoordinator coordinator) {
    this.owner = owner;
    this.coordinator = coordinator;
  }

  /**
   * Adds the listener once all others are there. Methods with {@code @EventListener} have the last
   * order, too, and among equals the one that was added last is called last.
   */
  @Override
  public void afterSingletonsInstantiated() {
    owner.addApplicationListener(new Last());
  }

  private final class Last implements ApplicationListener<ApplicationEvent>, Ordered {
    @Override
    public int getOrder() {
      return Ordered.LOWEST_PRECEDENCE;
    }

    @Override
    public void onApplicationEvent(ApplicationEvent event) {
      boolean ready =
          event instanceof ApplicationReadyEvent ours && ours.getApplicationContext() == owner;
      boolean refreshed =
          event instanceof ContextRefreshedEvent ours
              && ours.getApplicationContext() == owner
              && !owner.containsBean(RUN_BY_BOOT);
      if (ready || refreshed) {
        coordinator.started();
      }
    }
  }
}
