package io.gracefuldrain.client;

/** The clock, and tasks for later. */
interface Timers {
  /** A timer that was never set. */
  Cancellable NONE = () -> {};

  /** As {@link System#nanoTime()}. */
  long nanoTime();

  /** Runs a task on socket.io's event thread, once, after that many milliseconds. */
  Cancellable after(long millis, Runnable task);

  /** A task for later. When it is cancelled on the event thread, it will not run. */
  interface Cancellable {
    void cancel();
  }
}
