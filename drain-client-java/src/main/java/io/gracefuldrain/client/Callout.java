package io.gracefuldrain.client;

import io.socket.thread.EventThread;

/** Calls the application. */
final class Callout {
  private Callout() {}

  /**
   * Runs the application's code on the event thread. A failure must not stop a move, so it is
   * thrown again in a task of its own. There it ends up where failures of a stock client's
   * listeners do. This covers errors too, and the checked exceptions that Kotlin does not declare.
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
