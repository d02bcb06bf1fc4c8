package io.gracefuldrain.spring;

import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.DrainListener;
import io.gracefuldrain.DrainPhase;
import io.gracefuldrain.DrainReport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Publishes the readiness of a drain as the application's {@link ReadinessState}: refusing traffic
 * while a drain fails the readiness probe, accepting again after a recall. What the application has
 * said itself stands: a recall does not accept traffic that it refuses, and a drain is not
 * overruled by it. The liveness state is never touched. Thread-safe.
 */
final class DrainAvailability
    implements DrainListener, ApplicationListener<AvailabilityChangeEvent<?>>, DisposableBean {
  private final DrainCoordinator coordinator;
  private final ConfigurableApplicationContext context;
  private final ReentrantLock lock = new ReentrantLock();
  // Guarded by the lock.
  private @Nullable ReadinessState application;
  private boolean refused;

  /**
   * Not listening yet.
   *
   * @param before made before this bean, so that it hears of a change before this one answers it
   */
  DrainAvailability(
      DrainCoordinator coordinator,
      ConfigurableApplicationContext context,
      @Nullable ApplicationAvailability before) {
    this.coordinator = coordinator;
    this.context = context;
    this.application =
        before == null || before.getLastChangeEvent(ReadinessState.class) == null
            ? null
            : before.getReadinessState();
  }

  /** Whether the application itself accepts traffic, or has not said. */
  boolean acceptedByApplication() {
    lock.lock();
    try {
      return application != ReadinessState.REFUSING_TRAFFIC;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void phaseChanged(DrainPhase from, DrainPhase to, DrainReport report) {
    follow(false);
  }

  @Override
  public void onApplicationEvent(AvailabilityChangeEvent<?> event) {
    if (event.getState() instanceof ReadinessState state && event.getSource() != this) {
      lock.lock();
      try {
        application = state;
      } finally {
        lock.unlock();
      }
      follow(state == ReadinessState.ACCEPTING_TRAFFIC);
    }
  }

  /**
   * Publishes what has changed.
   *
   * @param overruled whether the application has just said that it accepts traffic
   */
  private void follow(boolean overruled) {
    ReadinessState change = change(overruled);
    if (change != null && context.isActive()) {
      context.publishEvent(new AvailabilityChangeEvent<>(this, change));
    }
  }

  private @Nullable ReadinessState change(boolean overruled) {
    lock.lock();
    try {
      boolean refuses = coordinator.phase().draining() && !coordinator.ready();
      boolean before = refused && !overruled;
      refused = refuses;
      if (refuses == before) {
        return null;
      }
      if (refuses) {
        return ReadinessState.REFUSING_TRAFFIC;
      }
      return !overruled && acceptedByApplication() ? ReadinessState.ACCEPTING_TRAFFIC : null;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void destroy() {
    coordinator.removeListener(this);
  }

  /** Listens from now on. */
  void start() {
    coordinator.addListener(this);
  }
}
