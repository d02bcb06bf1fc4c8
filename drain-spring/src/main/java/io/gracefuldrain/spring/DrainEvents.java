package io.gracefuldrain.spring;

import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.DrainListener;
import io.gracefuldrain.DrainPhase;
import io.gracefuldrain.DrainReport;
import io.gracefuldrain.Outcome;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;

/**
 * Publishes what happens in a drain as application events, on a thread of its own, so that no
 * {@code @EventListener} can delay a drain. One that throws keeps the event from those after it, as
 * always in Spring; the core logs it, and the next event comes. Thread-safe.
 */
final class DrainEvents implements DrainListener, SmartLifecycle, DisposableBean {
  /** How long a context that closes waits until its listeners have heard that the drain is done. */
  static final Duration LAST_WORDS = Duration.ofSeconds(2);

  private final DrainCoordinator coordinator;
  private final ConfigurableApplicationContext context;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition told = lock.newCondition();
  // Guarded by the lock.
  private DrainPhase last;
  private boolean running;

  DrainEvents(DrainCoordinator coordinator, ConfigurableApplicationContext context) {
    this.coordinator = coordinator;
    this.context = context;
    this.last = coordinator.phase();
  }

  /** Listens from now on: a drain may begin before the context has started. */
  void listen() {
    coordinator.addListener(this);
  }

  @Override
  public void phaseChanged(DrainPhase from, DrainPhase to, DrainReport report) {
    try {
      publish(new DrainPhaseEvent(from, to, report));
      if (to.draining() && !from.draining()) {
        publish(new DrainBegunEvent(report));
      } else if (!to.draining() && from.draining()) {
        publish(new DrainRecalledEvent(report));
      }
      if (to == DrainPhase.DRAINED) {
        publish(new DrainDoneEvent(report));
      }
    } finally {
      toldOf(to);
    }
  }

  @Override
  public void connectionEnded(String connection, Outcome outcome) {
    publish(new ConnectionEndedEvent(connection, outcome));
  }

  private void publish(Object event) {
    if (context.isActive() || context.isRunning()) {
      context.publishEvent(event);
    }
  }

  private void toldOf(DrainPhase phase) {
    lock.lock();
    try {
      last = phase;
      told.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void start() {
    lock.lock();
    try {
      running = true;
    } finally {
      lock.unlock();
    }
  }

  /** The context closes, after the drain: its listeners hear the end of it first. */
  @Override
  public void stop() {
    DrainPhase end = coordinator.phase();
    lock.lock();
    try {
      long left = LAST_WORDS.toNanos();
      while (end == DrainPhase.DRAINED && last != end && left > 0) {
        left = told.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      running = false;
      lock.unlock();
    }
  }

  @Override
  public boolean isRunning() {
    lock.lock();
    try {
      return running;
    } finally {
      lock.unlock();
    }
  }

  /** The last to start and the first to stop: all that listens is still there. */
  @Override
  public int getPhase() {
    return Integer.MAX_VALUE;
  }

  @Override
  public void destroy() {
    coordinator.removeListener(this);
  }
}
