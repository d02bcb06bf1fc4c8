package io.gracefuldrain.client;

/** The clock, and what is to happen later. */
interface Timers {
  /** As {@link System#nanoTime()}. */
  long nanoTime();

  /** Runs a task on socket.io's event thread, once, after so many milliseconds. */
  Cancellable after(long millis, Runnable task);

  /** Something that is to happen; called on the event thread, cancelling is certain. */
  interface Cancellable {
    void cancel();
  }
}
