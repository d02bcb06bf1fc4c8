package io.gracefuldrain.client;

import io.socket.thread.EventThread;

/** Calls the application. */
final class Callout {
  private Callout() {}

  /**
   * Runs a piece of the application on the event thread. What it throws ends up where the stock
   * client's listeners end up, but in a task of its own: a move goes on. Errors too, and the
   * exceptions that Kotlin need not declare.
   */
  static void run(Runnable application) {
    try {
      application.run();
    } catch (Throwable e) {
      EventThread.nextTick(() -> Callout.<RuntimeException>rethrow(e));
    }
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <E extends Throwable> void rethrow(Throwable e) throws E {
    throw (E) e;
  }
}
