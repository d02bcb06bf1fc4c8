package io.gracefuldrain.spring;

import org.springframework.context.SmartLifecycle;

/**
 * Stops the application's own servers when all is drained and all else has stopped, before beans
 * are destroyed. The adapter does that in milliseconds; the application's {@code server.stop()},
 * which comes in a {@code @PreDestroy}, would take four seconds, and then has nothing to do.
 */
final class SocketIoServersEnd implements SmartLifecycle {
  private final SocketIoDrains drains;
  private final Object owner;
  private volatile boolean running;

  /**
   * For the servers of one bean factory.
   *
   * @param owner the bean factory
   */
  SocketIoServersEnd(SocketIoDrains drains, Object owner) {
    this.drains = drains;
    this.owner = owner;
  }

  /** The last one to stop. */
  @Override
  public int getPhase() {
    return Integer.MIN_VALUE;
  }

  @Override
  public void start() {
    running = true;
  }

  @Override
  public void stop() {
    running = false;
    drains.stopDrained(owner);
  }

  /** On a thread of its own, so that the phase ends in time whatever a server waits for. */
  @Override
  public void stop(Runnable callback) {
    SocketIoServerLifecycle.apart(
        () -> {
          try {
            stop();
          } finally {
            callback.run();
          }
        });
  }

  /** As that of {@link SocketIoServerLifecycle}. */
  public boolean isPauseable() {
    return false;
  }

  @Override
  public boolean isRunning() {
    return running;
  }
}
