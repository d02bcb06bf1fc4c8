package io.gracefuldrain.spring.boot;

import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.spring.DrainHealth;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/** Up while the pod is ready, out of service while it is not. Thread-safe. */
final class DrainHealthIndicator extends AbstractHealthIndicator {
  private final DrainCoordinator coordinator;

  DrainHealthIndicator(DrainCoordinator coordinator) {
    this.coordinator = coordinator;
  }

  @Override
  protected void doHealthCheck(Health.Builder builder) {
    boolean ready = coordinator.ready();
    (ready ? builder.up() : builder.outOfService()).withDetails(DrainHealth.details(coordinator));
  }
}
