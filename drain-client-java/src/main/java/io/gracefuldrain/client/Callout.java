package io.gracefuldrain.client;

import io.socket.thread.EventThread;

/** Calls the application. */
final class Callout {
  private Callout() {}

  /**
   * Runs a piece of the application on the event thread. What it throws ends up where the stock
   * client's listeners end up, but in a task of its own: a move goes on.
   */
  static void run(Runnable application) {
    try {
      application.run();
    } catch (RuntimeException e) {
      EventThread.nextTick(
          () -> {
            throw e;
          });
    }
  }
}
