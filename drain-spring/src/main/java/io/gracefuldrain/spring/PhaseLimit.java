package io.gracefuldrain.spring;

import org.springframework.context.SmartLifecycle;

/** The last bean of a lifecycle phase that is told to stop. It has nothing to stop. */
final class PhaseLimit implements SmartLifecycle {
  private final int phase;
  private final Runnable limits;
  private volatile boolean running = true;

  /**
   * One that runs.
   *
   * @param limits called when the others of the phase have been told to stop
   */
  PhaseLimit(int phase, Runnable limits) {
    this.phase = phase;
    this.limits = limits;
  }

  @Override
  public int getPhase() {
    return phase;
  }

  @Override
  public void start() {}

  @Override
  public void stop() {
    limits.run();
    running = false;
  }

  @Override
  public boolean isRunning() {
    return running;
  }
}
