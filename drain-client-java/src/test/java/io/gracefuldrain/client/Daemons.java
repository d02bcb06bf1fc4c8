package io.gracefuldrain.client;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/** Threads that do not keep the tests' process alive. */
final class Daemons {
  private Daemons() {}

  static ScheduledExecutorService scheduled(String name) {
    return Executors.newSingleThreadScheduledExecutor(task -> thread(name, task));
  }

  static void start(String name, Runnable task) {
    thread(name, task).start();
  }

  private static Thread thread(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }
}
